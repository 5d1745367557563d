"""Designs as results: their order, their limits, what is claimed of them, and where a search stands."""
