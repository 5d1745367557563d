"""What a design is worth: the formulations by their published names."""
