"""What people write: ids, interventions, inequalities, Boolean rules."""
