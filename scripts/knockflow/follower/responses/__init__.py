"""What the cell does after a design: one object for each response that a formulation may name."""
