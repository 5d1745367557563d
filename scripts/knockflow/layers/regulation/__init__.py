"""Regulation: Boolean rules of genes, as steady-state regulatory flux balance analysis reads them.

After Shlomi et al. 2007 (doi:10.1038/msb4100141). `rules` reads rules and tables of them, `resolve` finds out what
their symbols are in a model.
"""
