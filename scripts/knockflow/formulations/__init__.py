"""What a design is worth: the formulations by their published names, each declared in a file of its own."""
