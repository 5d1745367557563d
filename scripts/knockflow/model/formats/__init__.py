"""The formats of a model's file, each read into the same form."""
