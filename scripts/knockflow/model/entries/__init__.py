"""The single entries of a model (values, bounds, ids, rules, constraints): settled before COBRApy sees them."""
