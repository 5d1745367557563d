"""Gene-level lethal sets of published models: their numbers, and some of them knocked out with COBRApy.

The models are not part of the project; the tests are skipped where the folder KNOCKFLOW_DATA does not hold them.
"""

import gzip
import os
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import cobra
import pytest
from cobra.manipulation import knock_out_model_genes

from knockflow import Case

FOLDER = Path(os.environ.get("KNOCKFLOW_DATA") or "no such folder", "models")
CORE = "BIOMASS_Ecoli_core_w_GAM"
LETHAL = 0.001

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="KNOCKFLOW_DATA holds no models")


@cache
def model_of(name: str) -> cobra.Model:
    return cobra.io.from_json(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()).decode())


def case_of(name: str, product: str = "EX_succ_e", **targets) -> Case:
    return Case(model_of(name), product, min_growth=0.0, targets={"level": "genes"} | targets)


@cache
def lethal_sets(name: str, most: int, biomass: str = CORE, **targets) -> list[frozenset[str]]:
    """All minimal sets of genes that are lethal, with their signs left out."""
    case = case_of(name, **{key: list(value) for key, value in targets.items()})
    designs = case.design(
        "mcs", suppress=[f"{biomass} >= {LETHAL}"], max_interventions=most, max_designs="all", time_limit_s=None
    )
    assert designs.record["proven"] and designs.record["status"] == "optimal"
    sets = [frozenset(gene.removeprefix("-") for gene in row["interventions"]) for row in designs.table]
    assert len(set(sets)) == len(sets)
    return sets


def growth(name: str, genes) -> float:
    """Largest growth by COBRApy without some genes."""
    with model_of(name) as model:
        knock_out_model_genes(model, list(genes))
        return model.slim_optimize(error_value=0.0)


@pytest.mark.parametrize(("spontaneous", "counts"), [((), (7, 53, 395)), (("s0001",), (7, 49, 214))])
def test_the_lethal_sets_of_the_core_model(spontaneous, counts):
    """With and without the gene s0001, which stands for what needs no enzyme."""
    sets = lethal_sets("e_coli_core", 3, spontaneous=spontaneous)
    assert Counter(map(len, sets)) == dict(enumerate(counts, 1))


def test_the_lethal_sets_of_the_core_model_kill_and_are_minimal():
    sets = lethal_sets("e_coli_core", 3, spontaneous=())
    for genes in (*sets[:10], *sets[10:60:10], *sets[60::60]):
        assert growth("e_coli_core", genes) < LETHAL, genes
        for subset in combinations(sorted(genes), len(genes) - 1):
            assert growth("e_coli_core", subset) >= LETHAL, subset


def test_enumeration_finds_the_same_lethal_pairs():
    case = case_of("e_coli_core")
    options = {"suppress": [f"{CORE} >= {LETHAL}"], "max_interventions": 2, "max_designs": "all"}
    tables = [case.design("mcs", method=method, **options).table for method in ("tree", "exhaustive")]
    assert tables[0] == tables[1]


@pytest.mark.long
def test_the_lethal_sets_of_a_genome_scale_model():
    """393 of up to three genes in iML1515, of which some are knocked out with COBRApy."""
    sets = lethal_sets("iML1515", 3, "BIOMASS_Ec_iML1515_core_75p37M", spontaneous=())
    assert Counter(map(len, sets)) == {1: 196, 2: 78, 3: 119}
    for genes in (*sets[:196:40], *sets[196::20]):
        assert growth("iML1515", genes) < LETHAL, genes
        for subset in combinations(sorted(genes), len(genes) - 1):
            assert growth("iML1515", subset) >= LETHAL, subset
