"""Linear and mixed-integer programs, without biology."""
