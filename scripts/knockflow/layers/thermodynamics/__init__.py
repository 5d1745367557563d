"""Thermodynamics: reaction energies from component contribution, and the directions that they allow.

`conditions` holds what is fixed in the cell, `directions` the arithmetic from an energy to a direction and to
bounds, `estimates` the energies themselves. Only `estimates` opens the compound database.
"""
