"""Layers: biology that a case adds to stoichiometry and bounds.

A layer is a folder here and its name in `knockflow.layers.registry`. Its package holds `LAYER`, which says what a case
may ask of it (`layer`) and which modules do it: one adds it to the search's follower (`in_follower`), another, apart
from the first, to COBRApy models (`in_strain`), by which designs are validated, and a third tells of it in the report.
"""
