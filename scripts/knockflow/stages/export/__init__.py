"""Designs in the forms of other tools and of the bench."""
