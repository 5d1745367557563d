"""Dives: designs of any depth by removing, one after the other, what states use that must not be."""
