"""The metabolic model: read, settled, curated, and as arrays."""
