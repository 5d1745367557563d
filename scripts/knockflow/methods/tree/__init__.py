"""Support branching: exact search without big-M."""
