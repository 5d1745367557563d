"""What cases share of a model's curation, with what a product adds, is what curation says of the whole case."""

from dataclasses import replace

import pytest

from knockflow.base.errors import FileError
from knockflow.model.common_curation import Common, read_common, with_products
from knockflow.model.curation.endless import scale_without_endless
from knockflow.model.network import read_network
from knockflow.model.read import write_model
from knockflow.stages.curation import curated

MEDIUM = {"EX_glc__D_e": 10, "EX_o2_e": 0}


def whole(folder, product, **changes):
    """Findings of a case, and the bytes of its model."""
    asked = {"name": "a", "model": "cobra:textbook", "product": product, "medium": MEDIUM, "min_growth": 0.05}
    model, findings = curated(asked | {"products": None, "targets": {}} | changes, [], folder)
    write_model(folder / "model.json", model)
    return model, findings, (folder / "model.json").read_bytes()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """What cases on the core model share: the record, the network and the model's bytes."""
    folder = tmp_path_factory.mktemp("shared")
    model, findings, content = whole(folder, None)
    Common(tuple(findings), scale_without_endless(model, findings)).write(folder / "curation.json")
    return read_common(folder / "curation.json"), read_network(folder / "model.json"), content


@pytest.mark.parametrize("product", ["EX_succ_e", "EX_co2_e", "EX_glc__D_e", "EX_h_e"])
def test_a_product_that_changes_nothing_adds_its_largest_flux(shared, tmp_path, product):
    common, network, content = shared
    found = with_products(common, network, [product], 0.05)
    _, findings, own = whole(tmp_path, product)
    if found is not None:  # with the uptake of what is asked for, the growth that it needs may leave none
        assert found == findings and own == content
    assert found is not None or product == "EX_glc__D_e"


def test_several_products_come_in_their_order(shared, tmp_path):
    common, network, content = shared
    products = {"EX_lac__D_e": 1.0, "EX_ac_e": 0.5}
    _, findings, own = whole(tmp_path, None, products=products)
    assert with_products(common, network, list(products), 0.05) == findings and own == content
    assert with_products(common, network, [], 0.05) == list(common.findings)


@pytest.mark.parametrize(
    ("product", "why"),
    [
        ("PFK", "it is no exchange"),
        ("EX_suc_e", "there is none of that name"),
        ("EX_pyr_c", "its exchange would be added"),
        ("EX_fru_e", "it cannot be made"),
        ("Biomass_Ecoli_core", "it is growth"),
    ],
)
def test_only_the_whole_curation_tells_of_any_other(shared, product, why):
    common, network, _ = shared
    assert with_products(common, network, [product], 0.05) is None, why


def test_without_growth_or_with_endless_bounds_nothing_is_taken_over(shared):
    common, network, _ = shared
    asked = network, ["EX_succ_e"], 0.05
    assert with_products(common, *asked) is not None
    assert with_products(replace(common, usual=0.0), *asked) is None
    assert with_products(Common(), *asked) is None
    starved = [replace(one, severity="warning") if one.check == "growth" else one for one in common.findings]
    assert with_products(replace(common, findings=tuple(starved)), *asked) is None
    assert with_products(common, network, ["EX_succ_e"], 0.5) is None
    objective = replace(common.findings[0], check="objective")
    assert with_products(replace(common, findings=(*common.findings, objective)), *asked) is None


def test_endless_bounds_show_in_what_is_shared(tmp_path):
    model, findings, _ = whole(tmp_path, None)
    assert scale_without_endless(model, findings) == 1000
    told = replace(findings[0], why="a bound of 10000 or more stands for no bound, and blurs big-M and tolerances")
    assert scale_without_endless(model, [*findings, told]) == 0


def test_a_record_of_something_else_is_refused(tmp_path):
    path = tmp_path / "curation.json"
    path.write_text('{"findings": [{"what": 1}]}')
    with pytest.raises(FileError, match="not what `read` writes"):
        read_common(path)
