"""Zones of the core model: published facts, what diffuses, what is refused, and COBRApy on zones built by hand."""

from pathlib import Path

import pytest
import yaml
from certified import checker, written
from cobra.io import load_model, save_json_model

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.base.tables import DESIGNS, VALIDATION
from knockflow.validation.fluxes import fluxes_of
from knockflow.validation.reevaluation import maximum
from knockflow.validation.strain import changed

ROOT = Path(__file__).resolve().parents[2]
CORE = {
    "model": "cobra:textbook",
    "product": "EX_ac_e",
    "medium": {"EX_glc__D_e": 10, "EX_o2_e": 1000},
    "min_growth": 0.05,
}
HALVES = {
    "oxic": {"share": 0.5},
    "anoxic": {"share": 0.5, "medium": {"EX_o2_e": 0}},
}
OXYGEN = {"EX_o2_e": {"conductance": 2.0, "capacity": 40.0, "largest": 0.25}}


def of(named: dict | None = None, layers: dict | None = None, case: dict | None = None, **options) -> Case:
    zones = {"zones": {"named": named or HALVES} | options}
    return Case(**CORE | (case or {}), layers=zones | (layers or {}))


def listed(case: Case, kind: str = "robustknock", most: int = 2, **options) -> list[tuple]:
    rows = case.design(kind, max_interventions=most, **options).table
    return [(row["interventions"], round(row["value_mmol_per_gdw_h"], 5)) for row in rows]


@pytest.fixture(scope="module")
def halves() -> Case:
    return of()


def test_oxic_and_anoxic_halves_have_a_best_design_that_is_the_best_of_neither(halves):
    designs = halves.design("robustknock", max_interventions=2)
    best = designs.table[0]
    assert best["interventions"] == ("-FUM", "-G6PDH2r|GND|PGL") and designs.record["proven"]
    assert best["value_mmol_per_gdw_h"] == pytest.approx(9.5628, abs=1e-4)
    for own, worth in ((("ATPS4r", "SUCDi"), 8.4361), (("ACALD", "PYK"), 4.6094)):
        told = halves.respond(own)
        assert told["product_min_mmol_per_gdw_h"] == pytest.approx(worth, abs=1e-4)
    assert designs.validate()["verified"].all()


def test_the_page_has_the_values_of_the_example():
    """Each case of the example, by its own model and medium; the best designs of the halves are those of neither."""
    config = yaml.safe_load((ROOT / "config/examples/zones.yaml").read_text())
    page, best = (ROOT / "docs/zones.md").read_text(), {}
    for name, options in config["cases"].items():
        rows = Case(**options).design("robustknock", max_interventions=2).table
        value = rows[0]["value_mmol_per_gdw_h"]
        best[name] = {row["interventions"] for row in rows if row["value_mmol_per_gdw_h"] > value - 1e-6}
        assert f" {value:.4f} |" in page, name
    assert ("-ATPS4r", "-SUCDi") in best["oxic"] and ("-ACALD", "-PYK") in best["anoxic"]
    assert best["mixed"] == {("-ATPS4r", "-PYK")}
    assert best["halves"].isdisjoint(best["oxic"] | best["anoxic"])


@pytest.mark.long
def test_without_conductance_zones_are_what_each_of_them_is_alone(halves):
    alone = [Case(**CORE | {"medium": {"EX_glc__D_e": 10, "EX_o2_e": oxygen}}) for oxygen in (1000, 0)]
    for design in ([], ["PYK"], ["FUM", "GND"], ["ATPS4r", "SUCDi"]):
        told, each = halves.respond(design), [one.respond(design) for one in alone]
        for name in ("growth_per_h", "product_min_mmol_per_gdw_h", "product_max_mmol_per_gdw_h"):
            assert told[name] == pytest.approx(sum(one[name] for one in each) / 2, abs=1e-5), (design, name)


@pytest.mark.parametrize("conductance", [0.01, *(pytest.param(k, marks=pytest.mark.long) for k in (0, 10))])
def test_equal_zones_are_one_zone_at_any_conductance(conductance):
    exchange = {name: {"conductance": conductance} for name in ("EX_ac_e", "EX_etoh_e")}
    exchange["EX_o2_e"] = {"conductance": conductance, "capacity": 50.0}
    case = of({"upper": {"share": 0.3}, "lower": {"share": 0.7}}, exchange=exchange)
    plain = Case(**CORE)
    assert case.problem.max_growth == pytest.approx(plain.problem.max_growth, abs=1e-8)
    for kind, most in (("robustknock", 2), ("pfba_pessimistic", 1), ("strong_coupling", 1)):
        assert listed(case, kind, most) == listed(plain, kind, most)


def test_one_zone_gives_the_tables_of_the_plain_case_byte_for_byte(tmp_path):
    texts = []
    for number, case in enumerate((Case(**CORE), of({"all": {"share": 1}}))):
        designs = case.design("robustknock", max_interventions=1)
        DESIGNS.write(tmp_path / f"{number}.tsv", designs.table)
        VALIDATION.write(tmp_path / f"{number}.validation.tsv", designs.validate().to_dict("records"))
        checked = VALIDATION.read(tmp_path / f"{number}.validation.tsv")
        own = [{k: v for k, v in row.items() if k != "verified_by" and "plain" not in k} for row in checked]
        texts.append((case.targets, (tmp_path / f"{number}.tsv").read_bytes(), own))
    assert texts[0] == texts[1]


@pytest.mark.long
def test_a_single_zone_has_the_medium_that_is_its_own():
    case = of({"anoxic": {"share": 1, "medium": {"EX_o2_e": 0}}})
    plain = Case(**CORE | {"medium": {"EX_glc__D_e": 10, "EX_o2_e": 0}})
    assert listed(case) == listed(plain)
    assert case.design("robustknock", max_interventions=1).validate()["verified"].all()


@pytest.fixture(scope="module")
def no_oxygen(tmp_path_factory):
    """The core model, into and out of whose cells no oxygen gets unless a zone lets it."""
    path, model = tmp_path_factory.mktemp("models") / "no_oxygen.json", load_model("textbook")
    model.reactions.EX_o2_e.upper_bound = 0
    save_json_model(model, path)
    return {"model": str(path), "medium": {"EX_glc__D_e": 10, "EX_o2_e": 0}}


AIRED = {"oxic": {"share": 0.5, "medium": {"EX_o2_e": 20}}, "anoxic": {"share": 0.5}}


NO_OXYGEN = {"include": ["EX_o2_e"], "exclude": ["CYTBD"]}


def test_an_exchange_that_only_a_zone_opens_can_be_removed(no_oxygen, tmp_path):
    """The cell's own bounds of it are 0 and 0 before; it is closed all the same, for validation and certificates."""
    case = of(AIRED, case=no_oxygen | {"targets": NO_OXYGEN})
    designs = case.design("robustknock", max_interventions=1, max_designs=3)
    assert ("-EX_o2_e",) in [one.interventions for one in designs]
    assert designs.validate()["verified"].all()
    written(tmp_path / "case", case, designs)
    assert checker("check_certificates")(tmp_path) == ""


def test_it_is_closed_to_what_comes_from_neighbours_too(no_oxygen):
    case = of(AIRED, case=no_oxygen | {"targets": NO_OXYGEN}, exchange=OXYGEN)
    model, question = case._to_check()
    with changed(model, "-EX_o2_e") as strain:
        grown = maximum(strain, question.biomass)
    assert grown == pytest.approx(case.respond(["EX_o2_e"])["growth_per_h"], abs=1e-6)
    assert grown == pytest.approx(0.21166, abs=1e-4)


def test_what_diffuses_reaches_a_zone_that_is_closed_to_outside(no_oxygen):
    case = of(AIRED, case=no_oxygen, exchange=OXYGEN)
    designs = case.design("robustknock", max_interventions=1, max_designs=2)
    assert designs.validate()["verified"].all()
    assert case.problem.max_growth < of(AIRED, case=no_oxygen).problem.max_growth


def test_reactions_of_one_zone_only_stay_targets():
    """Without oxygen in the case's own medium, the respiratory chain of the oxic zone is there all the same."""
    named = {"oxic": {"share": 0.5, "medium": {"EX_o2_e": 20}}, "anoxic": {"share": 0.5}}
    case = of(named, case={"medium": {"EX_glc__D_e": 10, "EX_o2_e": 0}})
    status = {row["target"]: row["status"] for row in case.targets}
    assert status["CYTBD"] == status["ATPS4r"] == "candidate"
    assert listed(case, most=1) == listed(of(HALVES | {"oxic": named["oxic"]}), most=1)


def by_hand(conductance: float, removed: list[str]) -> tuple[float, float, float]:
    """Growth of both halves and the acetate that they make, least and most; oxygen diffuses into the anoxic one."""
    from cobra.io import load_model

    both = [load_model("textbook") for _ in HALVES]
    model = both[0].copy()
    second = both[1]
    for one in [*second.metabolites, *second.reactions]:
        one.id = f"{one.id}_2"
    model.merge(second)
    for name in removed:
        for suffix in ("", "_2"):
            model.reactions.get_by_id(f"{name}{suffix}").knock_out()
    # The oxic half's exchange is what it takes up itself: outside offers so much that what goes over does not matter.
    var, row, here, there = model.problem.Variable, model.problem.Constraint, "EX_o2_e", "EX_o2_e_2"
    c1, c2 = var("c1", lb=0, ub=0.25), var("c2", lb=0, ub=0.25)
    model.add_cons_vars([c1, c2])
    flux = {name: model.reactions.get_by_id(name).flux_expression for name in (here, there)}
    model.reactions.get_by_id(there).lower_bound = -1000
    rows = [row(0.5 * flux[there] - conductance * (c2 - c1), lb=0, ub=0)]
    rows += [row(flux[here] + 40 * c1, lb=0), row(flux[there] + 40 * c2, lb=0)]
    model.add_cons_vars(rows)
    growth = [model.reactions.get_by_id(f"Biomass_Ecoli_core{suffix}") for suffix in ("", "_2")]
    acetate = [model.reactions.get_by_id(f"EX_ac_e{suffix}") for suffix in ("", "_2")]
    model.objective = dict.fromkeys(growth, 0.5)
    fastest = model.slim_optimize()
    both_grow = 0.5 * growth[0].flux_expression + 0.5 * growth[1].flux_expression
    model.add_cons_vars([row(both_grow, lb=fastest - 1e-8)])
    model.objective = dict.fromkeys(acetate, 0.5)
    most = model.slim_optimize()
    model.objective_direction = "min"
    return fastest, model.slim_optimize(), most


@pytest.mark.parametrize("conductance", [0.5, pytest.param(20.0, marks=pytest.mark.long)])
def test_oxygen_that_diffuses_is_that_of_a_model_built_by_hand(conductance):
    case = of(exchange={"EX_o2_e": OXYGEN["EX_o2_e"] | {"conductance": conductance}})
    from knockflow.follower.respond import respond

    for removed in ([], ["FUM", "GND"], ["PYK"]):
        ids = case.problem.targets.ids
        design = frozenset(next(t for t, name in enumerate(ids) if one in name.split("|")) for one in removed)
        growth, least, most = by_hand(conductance, removed)
        own, told = respond(case.problem, design), case.respond(removed)
        assert own.growth == pytest.approx(growth, abs=1e-6)
        assert told["growth_per_h"] == pytest.approx(growth, abs=1e-6)
        assert own.product_min == pytest.approx(least, abs=1e-4)
        assert own.product_max == pytest.approx(most, abs=1e-4)
        assert told["product_min_mmol_per_gdw_h"] == pytest.approx(least, abs=1e-4)


def test_conductance_brings_oxygen_in_and_selfish_zones_need_none():
    growth = [of(exchange={"EX_o2_e": OXYGEN["EX_o2_e"] | {"conductance": k}}).problem.max_growth for k in (0, 1, 10)]
    assert growth[0] < growth[1] < growth[2]
    selfish = of(aim="selfish", exchange={"EX_o2_e": {"conductance": 0}})
    assert listed(selfish, most=1) == listed(of(), most=1)
    with pytest.raises(ConfigError, match=r"zones exchange EX_o2_e: .* an equilibrium of several optima"):
        of(aim="selfish", exchange=OXYGEN)
    with pytest.raises(ConfigError, match="`equal_growth` ties the growth of the zones"):
        of(aim="selfish", equal_growth=True)


def test_every_formulation_is_verified_with_what_diffuses():
    case = of(exchange=OXYGEN | {"EX_ac_e": {"conductance": 0.1}})
    for kind in ("optknock", "pfba_pessimistic", "strong_coupling", "potential", "optcouple"):
        designs = case.design(kind, max_interventions=1, max_designs=1)
        assert len(designs.table) and designs.validate()["verified"].all(), kind


def test_cut_sets_have_regions_of_means_over_the_zones(halves):
    options = {"suppress": ["Biomass_Ecoli_core >= 0.3"], "protect": ["Biomass_Ecoli_core >= 0.05"]}
    sets = halves.design("mcs", max_interventions=2, **options)
    slow = {name for name in ("CYTBD", "NADH16") if halves.respond([name])["growth_per_h"] < 0.3}
    assert slow and {row["interventions"] for row in sets.table} >= {(f"-{name}",) for name in slow}
    assert sets.validate()["verified"].all()


def test_growth_that_is_equal_or_asked_of_every_zone_is_verified(halves):
    slow = Case(**CORE | {"medium": {"EX_glc__D_e": 10, "EX_o2_e": 0}}).problem.max_growth
    equal = of(equal_growth=True)
    assert equal.problem.max_growth == pytest.approx(slow, abs=1e-8) and halves.problem.max_growth > 2 * slow
    each = of(least_growth=0.15)
    for case in (equal, each):
        assert case.design("robustknock", max_interventions=2, max_designs=1).validate()["verified"].all()
    assert listed(halves, most=1)[0][0] == ("-CYTBD",)
    starved = of(least_growth=0.3).design("robustknock", max_interventions=1)
    assert starved.record["status"] == "infeasible"
    assert "zone anoxic by itself grows at most 0.2117 per h" in starved.record["reason"]


def test_zones_go_together_with_scenarios_and_genes():
    scenarios = {"named": {"nominal": {}, "costly": {"times": {"ATPM": 1.5}}, "more_atp": {"growth_atp": 1.2}}}
    both = of(layers={"scenarios": scenarios}, exchange=OXYGEN)
    assert len(both.problem.followers) == 3
    assert listed(both, most=1) == listed(both, most=1, method="exhaustive")
    genes = of(case={"targets": {"level": "genes"}})
    for case in (both, genes):
        assert case.design("robustknock", max_interventions=1, max_designs=1).validate()["verified"].all()


@pytest.mark.long
def test_scenarios_tell_of_designs_in_fresh_ones_in_all_zones(tmp_path):
    from knockflow.layers.in_designs import CASE, DesignContext, Listed
    from knockflow.layers.layer import Given
    from knockflow.layers.scenarios.designs import rows
    from knockflow.model.read import write_model
    from knockflow.validation.guarantee import guaranteeing
    from knockflow.validation.reevaluation import question_of

    named = {"nominal": {}, "costly": {"times": {"ATPM": 1.5}}}
    case = of(layers={"scenarios": {"named": named}})
    bare = of()._whole.model
    guarantee = guaranteeing(question_of(bare, "EX_ac_e", 0.05))
    path = tmp_path / "model.json"
    write_model(path, case._whole.plain)
    given = Given({"named": named, "fresh": 2, "seed": 1, "quantile": None, "ranges": {}})
    best = Listed("f", "1", "-FUM;-G6PDH2r|GND|PGL", CASE)
    found = rows(DesignContext(path, given, case._whole.plain, bare, case._whole.model, [best], guarantee))
    assert found[0]["product_min_mmol_per_gdw_h"] == pytest.approx(9.5628, abs=1e-4)
    assert len(found) == 4 and found[1]["product_min_mmol_per_gdw_h"] != found[0]["product_min_mmol_per_gdw_h"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"named": HALVES | {"oxic": {"share": 0.4}}}, "zones.named: the shares add up to 0.9, they must add up to 1"),
        ({"named": HALVES | {"oxic": {}}}, "zones.named: the shares add up to 1.5, they must add up to 1"),
        ({"named": {"a": {"share": -1}, "b": {"share": 2}}}, "-1 is less than or equal to the minimum of 0"),
        (
            {"named": {"a": {"share": 1, "medium": {"EX_o2": 1}}}},
            "zones.named.a.medium: no reaction `EX_o2` in the model; did you mean EX_o2_e",
        ),
        ({"named": {"a": {"share": 1, "medium": {"PFK": 1}}}}, "named.a.medium: PFK exchanges nothing"),
        ({"named": {"a": {"share": 1, "medium": {"EX_o2_e": -1}}}}, "-1 is less than the minimum of 0"),
        ({"exchange": {"EX_ac": {"conductance": 1}}}, "zones.exchange: no reaction `EX_ac` in the model; did you mean"),
        ({"exchange": {"EX_ac_e": {"conductance": -1}}}, "-1 is less than the minimum of 0"),
        ({"exchange": {"EX_ac_e": {"conductance": 1, "largest": 0}}}, "0 is less than or equal to the minimum of 0"),
        ({"neighbours": [["oxic", "anoxi"]]}, r"zones.neighbours: no zone `anoxi`; did you mean anoxic, oxic"),
        ({"neighbours": [["oxic", "oxic"]]}, "zones.neighbours: `oxic` is no neighbour of itself"),
        ({"neighbours": [["oxic", "anoxic"], ["anoxic", "oxic"]]}, "stand there twice; keep one"),
        ({"neighbours": [["oxic"]]}, "holds 1, at least 2 needed"),
        ({"neighbours": [], "exchange": OXYGEN}, "zones.exchange: EX_o2_e: no zones are neighbours"),
        ({"aim": "selfless"}, "`selfless` is not allowed"),
        ({"conductance": 1}, "unknown key `conductance`"),
    ],
)
def test_wrong_zones_are_refused_by_name(change, message):
    with pytest.raises(ConfigError, match=message):
        of(**change)


def test_what_does_not_go_together_with_zones_is_refused_with_the_reason():
    with pytest.raises(ConfigError, match="zones have bounds of their own of EX_o2_e"):
        of(case={"targets": {"interventions": {"EX_o2_e>=-5": 1}}})
    with pytest.raises(ConfigError, match="EX_o2_e is set by zones and changed by another layer"):
        of(layers={"scenarios": {"named": {"nominal": {}, "leak": {"uptake": {"EX_o2_e": 1}}}}})
    with pytest.raises(ConfigError, match="must be one linear program, and rules of genes make it"):
        of(layers={"regulation": "default"}, case={"targets": {"level": "genes"}})


def test_a_zone_without_a_steady_state_is_named():
    case = of(HALVES | {"anoxic": {"share": 0.5, "medium": {"EX_o2_e": 0, "EX_glc__D_e": 2}}})
    reason = case.design("robustknock", max_interventions=1).record["reason"]
    assert "zone anoxic by itself has no steady state" in reason


@pytest.mark.long
def test_an_exchange_that_a_design_closes_is_closed_in_every_zone():
    case = of(exchange=OXYGEN, case={"targets": {"include": ["EX_o2_e"]}})
    closed, dry = case.respond(["EX_o2_e"]), of(HALVES | {"oxic": {"share": 0.5, "medium": {"EX_o2_e": 0}}}).respond([])
    assert closed["growth_per_h"] == pytest.approx(dry["growth_per_h"], abs=1e-6)
    assert case.design("robustknock", max_interventions=1).validate()["verified"].all()


def test_fluxes_are_the_mean_of_all_zones(halves):
    """The product among them is what the design guarantees, and oxygen is taken up in one half alone."""
    found = fluxes_of(*halves._to_check(), "-ACALD;-PYK")
    assert found["EX_ac_e"] == pytest.approx(4.6094, abs=1e-3)
    assert found["EX_glc__D_e"] == pytest.approx(-10, abs=1e-6)
