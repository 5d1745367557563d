"""Minimal cut sets: designs that suppress some regions of states and protect others."""
