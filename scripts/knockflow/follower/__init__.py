"""The lower level: what the cell does after a design."""
