"""Bilevel problems as one mixed-integer program: `strong_duality` and `kkt`, built from the same `parts`."""
