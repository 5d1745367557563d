"""Parsing each format of a model; bounds and gene rules are settled before COBRApy sees them.

COBRApy refuses a whole model over one pair of crossed bounds, and empties a gene rule that it cannot parse.
"""

from knockflow.model.formats.mat import read_mat_model
from knockflow.model.formats.plain import read_json_model, read_yaml_model
from knockflow.model.formats.sbml import read_sbml_model

READERS = {"json": read_json_model, "yaml": read_yaml_model, "mat": read_mat_model, "sbml": read_sbml_model}
