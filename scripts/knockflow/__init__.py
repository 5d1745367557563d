"""Strain design by bilevel optimization: the library behind the Knockflow workflow."""

__version__ = "0.1.0"
