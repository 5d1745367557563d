"""The keys of regulation, and what does not hold with it."""

import pytest
from configurations import SCHEMA, config, finding, findings

from knockflow.methods.registry import METHODS
from knockflow.settings.config import checked


def regulated(layer, formulation=None) -> dict:
    return config({"layers": {"regulation": layer}}, formulation)


@pytest.mark.parametrize(
    ("layer", "filled"),
    [
        (None, None),
        ("default", "default"),
        ({}, {"table": "default", "conditions": {}, "names": {}}),
        (
            {"table": "my.tsv", "conditions": {"Stress": True, "pH": 7}, "names": {"BiomassEcoli": "BIO"}},
            {"table": "my.tsv", "conditions": {"Stress": True, "pH": 7}, "names": {"BiomassEcoli": "BIO"}},
        ),
    ],
)
def test_what_regulation_takes(layer, filled):
    case = checked(regulated(layer), SCHEMA)["cases"]["core"]
    assert case["layers"]["regulation"] == filled
    assert case["layers"]["thermodynamics"] is None


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("defualt", "'defualt' is not one of ['default']"),
        ({"tabel": "my.tsv"}, "unknown key `tabel`; did you mean table?"),
        ({"conditions": {"pH": "low"}}, "layers.regulation.conditions.pH: `low` is not of type boolean or number"),
        ({"conditions": {"pH": float("inf")}}, "layers.regulation.conditions.pH: `inf` is not a finite number"),
        ({"names": {"Growth": 3}}, "layers.regulation.names.Growth: `3` is not of type string"),
    ],
)
def test_what_it_does_not_take(layer, said):
    assert said in finding(regulated(layer))


LINEAR = ["strong_duality", "kkt", "benders"]


@pytest.mark.parametrize("method", LINEAR)
def test_methods_that_need_a_linear_program_are_refused_with_the_reason(method):
    line = finding(regulated("default", {"method": method}))
    assert line.startswith("my.yaml: cases.core.layers.regulation: formulation `best` does not hold with it: ")
    assert f"`{method}` needs the dual or the optimality conditions of a linear program" in line
    assert line.endswith("these do: " + ", ".join(name for name in METHODS if name not in LINEAR))
    assert checked(config(formulation={"method": method}), SCHEMA)


def test_cut_sets_are_refused_with_the_reason():
    cut_sets = {"kind": "mcs", "suppress": ["Biomass_Ecoli_core >= 0.001"]}
    assert "`mcs` seeks cut sets by linear programs" in finding(regulated({}, cut_sets))


def test_only_the_formulations_of_the_case_count():
    content = regulated("default", {"method": "kkt"})
    content["formulations"]["other"] = {"kind": "robustknock"}
    assert len(findings(content)) == 1
    content["cases"]["core"]["formulations"] = ["other"]
    assert checked(content, SCHEMA)


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
def test_methods_that_hold(method):
    assert checked(regulated("default", {"method": method}), SCHEMA)
