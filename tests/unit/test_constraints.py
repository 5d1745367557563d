"""Constraints of a model's own: each form that files hold, what is refused, and where they are kept."""

import json
import math
from dataclasses import replace

import cobra
import libsbml
import numpy as np
import pytest
from cobra.io import read_sbml_model, validate_sbml_model, write_sbml_model
from cobra.io.dict import model_to_dict
from cobra.io.mat import create_mat_dict
from optlang.symbolics import Zero
from scipy.io import savemat
from scipy.sparse import csc_array

from knockflow import Case
from knockflow.base.errors import FileError, ModelError
from knockflow.follower.region import Region
from knockflow.methods.tree.detours import Detours, Nearest
from knockflow.model.constrained_model import add, as_reactions, constraints_of, read_curated
from knockflow.model.constraints import Constraint, as_text, from_text
from knockflow.model.curation import curate
from knockflow.model.network import read_network
from knockflow.model.read import read_model, write_model
from knockflow.stages.export.strains import cobra_form, strain_model, write_strain
from knockflow.validation.optimum import least_ratio

REACTIONS = {
    # Substrate s becomes biomass by a fast way without product, or by a slower way that makes p.
    "EX_s_e": ({"s_e": -1}, -10, 0),
    "UP": ({"s_e": -1, "s_c": 1}, 0, 1000),
    "FAST": ({"s_c": -1, "x_c": 1}, 0, 1000),
    "SLOW": ({"s_c": -1, "x_c": 0.5, "p_e": 0.5}, 0, 1000),
    "EX_p_e": ({"p_e": -1}, 0, 1000),
    "BIOMASS": ({"x_c": -1}, 0, 1000),
}


def small() -> cobra.Model:
    model = cobra.Model("small")
    names = sorted({name for stoichiometry, _, _ in REACTIONS.values() for name in stoichiometry})
    model.add_metabolites([cobra.Metabolite(name, formula="C", compartment=name[-1], charge=0) for name in names])
    for name, (stoichiometry, lower, upper) in REACTIONS.items():
        reaction = cobra.Reaction(name, lower_bound=lower, upper_bound=upper)
        model.add_reactions([reaction])
        reaction.add_metabolites({model.metabolites.get_by_id(one): value for one, value in stoichiometry.items()})
    model.objective = "BIOMASS"
    return model


COUPLED = Constraint("coupling", -math.inf, 0.0, {"FAST": 1.0, "SLOW": -2.0})
"""FAST at most twice SLOW: growth falls from 10 to 25 / 3."""


def kept(model: cobra.Model) -> list[str]:
    return sorted(f"{one.id}: {one}" for one in constraints_of(model))


def growth(model: cobra.Model) -> float:
    with model:
        model.objective = "BIOMASS"
        return model.slim_optimize()


def mat_file(folder, **fields):
    """A file of the COBRA toolbox with some fields more or changed."""
    struct = create_mat_dict(small()) | fields
    path = folder / "model.mat"
    savemat(path, {"model": struct}, oned_as="column")
    return path


def cells(*names: str) -> np.ndarray:
    return np.array(names, dtype=object)


def read(path):
    model, origin = read_model(str(path), path.parent)
    return model, [finding for finding in origin.findings if finding.check == "constraint"]


# MATLAB -----------------------------------------------------------------------------------------------------------

C = csc_array(np.array([[0, 0, 1, -2, 0, 0], [0, 0, 0, 0, 1, 0], [0, 1, -1, -1, 0, 0.0]]))


def test_coupling_constraints_of_the_toolbox(tmp_path):
    path = mat_file(tmp_path, C=C, d=np.array([0, 0.5, 0.0]), dsense="LGE", ctrs=cells("slack FAST", "p", "same"))
    model, findings = read(path)
    assert kept(model) == ["p: EX_p_e >= 0.5", "same: -FAST - SLOW + UP = 0", "slack_FAST: FAST - 2 SLOW <= 0"]
    assert growth(model) == pytest.approx(25 / 3)
    assert [finding.why for finding in findings] == ["read from C, d and dsense of the file"]


@pytest.mark.parametrize("letters", ["LGE", np.array(["L", "G", "E"]), cells("L", "G", "E")])
def test_senses_in_any_shape_and_constraints_without_names(tmp_path, letters):
    model, _ = read(mat_file(tmp_path, C=C.toarray(), d=np.array([[0, 0.5, 0.0]]), dsense=letters))
    assert [one.split(":")[0] for one in kept(model)] == ["constraint_1", "constraint_2", "constraint_3"]
    assert growth(model) == pytest.approx(25 / 3)


def test_constraints_without_sense_and_bound_are_equations_with_0(tmp_path):
    model, _ = read(mat_file(tmp_path, C=C.toarray()[:1]))
    assert kept(model) == ["constraint_1: FAST - 2 SLOW = 0"]


def test_balances_that_are_not_0(tmp_path):
    # metabolites: p_e, s_c, s_e, x_c
    path = mat_file(tmp_path, b=np.array([0.0, -2, 0, 0.5]), csense="EEGL")
    model, findings = read(path)
    assert kept(model) == ["s_c: balance of s_c = -2", "s_e: balance of s_e >= 0", "x_c: balance of x_c <= 0.5"]
    # s_c loses 2 more than it gets; s_e may be left over; x_c may be used up further than it is made.
    assert math.isinf(growth(model)) or growth(model) == pytest.approx(1000)
    assert findings[0].why == "read from b and csense of the file"


def test_two_columns_of_b_are_the_least_and_the_largest_balance(tmp_path):
    model, _ = read(mat_file(tmp_path, b=np.array([[0, 0], [-1, 1.0], [0, 0], [0, 0]])))
    assert kept(model) == ["s_c: -1 <= balance of s_c <= 1"]
    assert growth(model) == pytest.approx(11)


def test_rows_of_a_below_the_stoichiometry(tmp_path):
    struct = create_mat_dict(small())
    a = np.vstack([struct["S"].toarray(), C.toarray()[:1]])
    model, _ = read(mat_file(tmp_path, A=csc_array(a), b=np.zeros(5), csense="EEEEL"))
    assert kept(model) == ["row_5_of_A: FAST - 2 SLOW <= 0"]


def test_the_stoichiometry_again_in_a_is_no_constraint(tmp_path):
    model, findings = read(mat_file(tmp_path, A=create_mat_dict(small())["S"], csense="EEEE"))
    assert kept(model) == [] and findings == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"evars": cells("z1"), "evarlb": [0.0], "D": np.ones((1, 1))},
            "variables that are no fluxes (z1) in evars, D",
        ),
        ({"C": C, "d": np.zeros(3), "dsense": "LXE"}, "dsense holds 'X'; allowed: E, L, G"),
        ({"C": C, "d": np.zeros(2), "dsense": "LGE"}, "d has 2 rows and 1 columns, where 3 are wanted"),
        ({"C": C, "d": np.zeros(3), "dsense": "LG"}, "dsense has 2 letters, where 3 are wanted"),
        ({"C": C.toarray()[:, :5], "d": np.zeros(3)}, "C has 5 columns where there are 6 reactions"),
        ({"C": C, "d": np.array([0, np.nan, 0]), "dsense": "LGE"}, "d: entry 2 is not a number"),
        (
            {"C": np.full((1, 6), np.inf), "d": [0.0], "dsense": "L"},
            "coefficient of EX_s_e is inf, not a finite number",
        ),
        ({"C": C, "d": np.array([0, 0, np.inf]), "dsense": "LGE"}, "`constraint_3`: bounds inf and inf are no bounds"),
        (
            {"C": C.toarray() * 0, "d": np.ones(3), "dsense": "GGG"},
            "`constraint_1` has no coefficient, and 0 is outside",
        ),
        ({"b": np.array([0, np.nan, 0, 0])}, "b: entry 2 is not a number"),
        ({"csense": "EEZE"}, "csense holds 'Z'"),
        ({"A": np.ones((5, 6))}, "A does not begin with the rows of S"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(tmp_path, fields, message):
    with pytest.raises(ModelError) as error:
        read(mat_file(tmp_path, **fields))
    assert str(error.value).startswith("model.mat: ") and message in str(error.value)


def test_what_bounds_nothing_is_left_out_with_a_word(tmp_path):
    model, findings = read(mat_file(tmp_path, C=C, d=np.full(3, np.inf), dsense="LLL"))
    assert kept(model) == []
    assert (findings[0].severity, findings[0].before) == ("warning", "3 constraints")


# JSON and YAML ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["json", "yml"])
@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"_bound": -2.0}, "s_c: balance of s_c = -2"),
        ({"_bound": -2.0, "_constraint_sense": "G"}, "s_c: balance of s_c >= -2"),
        ({"_constraint_sense": "L"}, "s_c: balance of s_c <= 0"),
        ({"_bound": 0, "_constraint_sense": "E"}, None),
    ],
)
def test_balances_of_older_cobrapy(tmp_path, ending, keys, said):
    path = tmp_path / f"model.{ending}"
    content = model_to_dict(small())
    next(one for one in content["metabolites"] if one["id"] == "s_c").update(keys)
    # JSON is YAML, too.
    path.write_text(json.dumps(content))
    model, findings = read(path)
    assert kept(model) == ([said] if said else [])
    assert len(findings) == bool(said)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"_bound": "much"}, "metabolite s_c: `_bound` is 'much', not a finite number"),
        ({"_bound": float("nan")}, "`_bound` is nan"),
        ({"_constraint_sense": "<"}, "metabolite s_c: `_constraint_sense` is '<'; allowed: E, L, G"),
    ],
)
def test_balances_that_make_no_sense(tmp_path, keys, message):
    cobra.io.save_json_model(small(), str(tmp_path / "model.json"))
    content = json.loads((tmp_path / "model.json").read_text())
    next(one for one in content["metabolites"] if one["id"] == "s_c").update(keys)
    (tmp_path / "model.json").write_text(json.dumps(content))
    with pytest.raises(ModelError, match="model.json") as error:
        read(tmp_path / "model.json")
    assert message in str(error.value)


# SBML -------------------------------------------------------------------------------------------------------------


def sbml_file(folder, terms, lower=-np.inf, upper=0.0, names=("coupling",), variable2=None, charge=None):
    """SBML fbc 3 with user-defined constraints; `terms` are (variable, coefficient, kind)."""
    path = folder / "model.xml"
    write_sbml_model(small(), str(path))
    document = libsbml.readSBMLFromString(path.read_text().replace("fbc/version2", "fbc/version3"))
    inner = document.getModel()

    def parameter(name: str, value: float, constant: bool = True) -> str:
        one = inner.createParameter()
        one.setId(name), one.setValue(value), one.setConstant(constant)
        return name

    parameter("free", 0.0, constant=False)
    fbc = inner.getPlugin("fbc")
    for objective in fbc.getListOfObjectives():
        for flux in objective.getListOfFluxObjectives():
            flux.setVariableType("linear")
    for name in names:
        one = fbc.createUserDefinedConstraint()
        one.setId(name)
        one.setLowerBound(parameter(f"{name}_lower", lower)), one.setUpperBound(parameter(f"{name}_upper", upper))
        for number, (variable, coefficient, kind) in enumerate(terms):
            term = one.createUserDefinedConstraintComponent()
            term.setVariable(variable), term.setVariableType(kind)
            term.setCoefficient(parameter(f"{name}_{number}", coefficient))
            if variable2:
                term.setVariable2(variable2)
    if charge is not None:
        inner.getSpecies("M_s_c").getPlugin("fbc").setCharge(float(charge))
    path.write_text(libsbml.writeSBMLToString(document))
    return path


LINEAR = [("R_FAST", 1.0, "linear"), ("R_SLOW", -2.0, "linear")]


def test_user_defined_constraints(tmp_path):
    model, findings = read(sbml_file(tmp_path, LINEAR, charge=-2))
    assert kept(model) == ["coupling: FAST - 2 SLOW <= 0"]
    assert growth(model) == pytest.approx(25 / 3)
    assert [finding.why for finding in findings] == ["read from the user-defined constraints of the file (fbc 3)"]
    # COBRApy reads every charge of this version as 0.
    assert model.metabolites.s_c.charge == -2


@pytest.mark.parametrize(
    ("terms", "keywords", "message"),
    [
        ([("R_FAST", 1.0, "quadratic")], {}, "`coupling`: has a term that is not linear"),
        ([("R_FAST", 1.0, "linear")], {"variable2": "R_SLOW"}, "not linear"),
        ([("free", 1.0, "linear")], {}, "`coupling`: its variable free is a parameter, not a flux"),
        ([("R_FASR", 1.0, "linear")], {}, "its variable R_FASR is no reaction of the model; did you mean R_FAST"),
        (LINEAR, {"upper": np.nan}, "`coupling`: bounds -inf and nan are no bounds"),
        (LINEAR, {"lower": 1.0, "upper": 0.0}, "its lower bound 1 is above its upper one 0"),
    ],
)
def test_user_defined_constraints_that_cannot_be_kept(tmp_path, terms, keywords, message):
    with pytest.raises(ModelError, match=r"model\.xml") as error:
        read(sbml_file(tmp_path, terms, **keywords))
    assert message in str(error.value)


# COBRApy models ---------------------------------------------------------------------------------------------------


def constrained(*constraints: Constraint) -> cobra.Model:
    model = small()
    add(model, constraints)
    return model


def test_a_case_keeps_the_constraints_of_a_model():
    case = Case(constrained(COUPLED), "EX_p_e", min_growth=1)
    row = case.respond()
    assert row["growth_per_h"] == pytest.approx(25 / 3)
    assert growth(case.model) == pytest.approx(25 / 3)
    told = [finding for finding in case.findings if finding.check.startswith("constraint")]
    assert [(finding.item, finding.before) for finding in told] == [
        ("model", "1 constraint"),
        ("coupling", "FAST - 2 SLOW <= 0"),
    ]


def test_balances_of_a_model_that_cobrapy_does_not_heed_are_kept_too():
    model = small()
    model.metabolites.s_c._bound = -2.0
    case = Case(model, "EX_p_e", min_growth=1)
    assert case.respond()["growth_per_h"] == pytest.approx(12)
    assert growth(case.model) == pytest.approx(12)


def test_a_curated_model_is_curated_again_with_its_constraints(tmp_path):
    first = Case(constrained(COUPLED), "EX_p_e", min_growth=1).model
    write_model(tmp_path / "model.json", first)
    again = Case(str(tmp_path / "model.json"), "EX_p_e", min_growth=1)
    assert kept(again.model) == kept(first) == ["coupling: FAST - 2 SLOW <= 0"]
    assert kept(Case(first, "EX_p_e").model) == kept(first)


def direction(model, name, *terms):
    row = model.problem.Constraint(Zero, ub=4.0, name=name)
    model.add_cons_vars([row])
    model.solver.update()
    row.set_linear_coefficients({getattr(model.reactions.get_by_id(r), f"{way}_variable"): x for r, way, x in terms})


def test_one_direction_of_what_runs_one_way_is_its_flux():
    model = small()
    direction(model, "up", ("EX_s_e", "reverse", 1.0), ("FAST", "forward", 1.0))
    case = Case(model, "EX_p_e")
    assert kept(case.model) == ["up: -EX_s_e + FAST <= 4"]
    assert case.respond()["growth_per_h"] == pytest.approx(growth(model))


def test_forms_of_a_model_that_cannot_be_kept():
    model = small()
    model.reactions.UP.lower_bound = -5
    direction(model, "size", ("UP", "forward", 1.0), ("UP", "reverse", 1.0))
    extra = model.problem.Variable("enzyme", lb=0, ub=1)
    model.add_cons_vars([extra, model.problem.Constraint(extra + model.reactions.FAST.flux_expression, ub=3, name="e")])
    with pytest.raises(ModelError) as error:
        Case(model, "EX_p_e")
    first, second = str(error.value).splitlines()
    assert first.startswith("small: constraint `size` weighs the two directions of UP apart (1 and 1)")
    assert second == "small: constraint `e` holds a variable that is no flux, `enzyme`: not kept"


def test_constraints_speak_of_an_exchange_that_is_turned_round():
    model = small()
    model.reactions.EX_s_e.add_metabolites({"s_e": 2.0})  # --> s_e
    model.reactions.EX_s_e.bounds = 0, 10
    add(model, [Constraint("feed", 1.0, 8.0, {"EX_s_e": 1.0})])
    before = growth(model)
    case = Case(model, "EX_p_e", medium={"EX_s_e": 10}, min_growth=1)
    assert kept(case.model) == ["feed: 1 <= -EX_s_e <= 8"]
    assert case.respond()["growth_per_h"] == pytest.approx(before) == pytest.approx(8)


def test_constraints_without_which_there_is_a_state_are_named():
    hard, low = Constraint("hard", 5.0, math.inf, {"UP": 1.0}), Constraint("low", -math.inf, 3.0, {"UP": 1.0})
    findings = curate(constrained(COUPLED, hard, low), {"name": "c", "product": "EX_p_e"})
    told = [finding.why for finding in findings if finding.before == "infeasible"]
    assert told[0].startswith(
        "no flux fits the bounds and the model's own constraints; it would without them: hard, low"
    )


def test_many_constraints_are_told_by_a_few_lines():
    many = [Constraint(f"c{k}", -math.inf, 500.0 + k, {"FAST": 1.0}) for k in range(30)]
    told = [f for f in Case(constrained(*many), "EX_p_e").findings if f.check.startswith("constraint")]
    assert len(told) == 22 and told[0].before == "30 constraints" and "10 more" in told[-1].why


# model.json -------------------------------------------------------------------------------------------------------


def test_what_is_written_is_read_back(tmp_path):
    rows = [
        COUPLED,
        Constraint("both", -3.0, 0.1, {"EX_p_e": -1 / 3, "UP": 0.1}),
        Constraint("s_c", -1.0, 2.0, metabolite="s_c"),
    ]
    path = tmp_path / "model.json"
    model = constrained(*rows)
    write_model(path, model)
    assert kept(read_curated(path)) == kept(model)
    network = read_network(path)
    assert sorted(map(str, network.constraints)) == sorted(map(str, rows))
    assert [(row.name, row.lower, row.upper) for row in network.rows[4:]] == [
        ("s_c (least)", -1.0, math.inf),
        ("s_c (most)", -math.inf, 2.0),
        ("coupling", -math.inf, 0.0),
        ("both (least)", -3.0, math.inf),
        ("both (most)", -math.inf, 0.1),
    ]
    assert network.rows[1].coefficients == {}
    before = path.read_bytes()
    write_model(path, read_curated(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "not as `curate` writes it"),
        ('[{"id": "a"}]', "not as `curate` writes it"),
        (as_text([replace(COUPLED, coefficients={"FASR": 1.0})]), "no reaction `FASR` in the model; did you mean FAST"),
        (as_text([Constraint("x", 0.0, 1.0, metabolite="x_e")]), "no metabolite `x_e` in the model"),
        ('[{"id": "a", "lower": null, "upper": 1, "coefficients": {"FAST": "NaN"}}]', "not a finite number"),
    ],
)
def test_a_note_that_is_wrong(tmp_path, text, message):
    with pytest.raises(FileError) as error:
        from_text(text, list(REACTIONS), ["s_c", "x_c"])
    assert message in str(error.value)
    path = tmp_path / "model.json"
    write_model(path, small())
    path.write_text(json.dumps(json.loads(path.read_text()) | {"notes": {"constraints": text}}))
    for reader in (read_network, read_curated):
        with pytest.raises(FileError, match=r"model\.json"):
            reader(path)


def test_as_stoichiometry_they_say_the_same_and_survive_sbml(tmp_path):
    rows = [COUPLED, Constraint("s_c", -1.0, 2.0, metabolite="s_c"), Constraint("at", 0.5, 0.5, {"EX_p_e": 0.5})]
    model = constrained(*rows)
    plain = model.copy()
    told = as_reactions(plain)
    assert told[0] == "SLACK_s_c: -1 <= balance of s_c <= 2" and len(told) == 3
    assert kept(plain) == []
    write_sbml_model(plain, str(tmp_path / "plain.xml"))
    back = read_sbml_model(str(tmp_path / "plain.xml"))
    for name in REACTIONS:
        for way in ("min", "max"):
            values = []
            for one in (model, back):
                with one:
                    one.objective = name
                    one.objective_direction = way
                    values.append(one.slim_optimize())
            assert values[0] == pytest.approx(values[1], abs=1e-6)


def test_a_constraint_can_couple_the_product_to_growth():
    plain, coupled = (Case(model, "EX_p_e", min_growth=1) for model in (small(), constrained(COUPLED)))
    asked = {"max_interventions": 0}
    before, after = (case.design("robustknock", **asked).validate().iloc[0] for case in (plain, coupled))
    # Least product per growth: FAST = 2 SLOW makes growth 2.5 and product 0.5.
    assert (before["coupling"], after["coupling"]) == ("none", "substrate-uptake")
    assert after["product_min_mmol_per_gdw_h"] == pytest.approx(5 / 3) and after["verified"]
    with_ratio = coupled.model
    assert least_ratio(with_ratio, {"EX_p_e": 1.0}, "BIOMASS", 1.0) == pytest.approx(0.2)
    assert least_ratio(with_ratio, {"EX_p_e": 1.0}, "EX_s_e", -1.0) == pytest.approx(1 / 6)


def test_a_balance_counts_in_a_ratio():
    # p_e may be left over, up to 3: then it need not leave the cell.
    model = constrained(COUPLED, Constraint("p_e", 0.0, 3.0, metabolite="p_e"))
    assert least_ratio(model, {"EX_p_e": 1.0}, "BIOMASS", 1.0) == pytest.approx(0.0)


def test_the_states_of_an_optimum_keep_the_constraints_that_hold_it():
    # FAST is limited by a constraint with a price, not by a bound.
    limit = Constraint("limit", -math.inf, 4.0, {"FAST": 1.0, "EX_p_e": 1.0})
    case = Case(constrained(limit), "EX_p_e", min_growth=1, cell_objective={"FAST": 1.0})
    row = case.design("robustknock", max_interventions=0).validate().iloc[0]
    assert row["verified"] and row["product_max_mmol_per_gdw_h"] == pytest.approx(0.0)


def with_fixed_split():
    """The follower where FAST and SLOW add up to 8, and its states that grow at least 5."""
    problem = Case(constrained(Constraint("split", 8.0, 8.0, {"FAST": 1.0, "SLOW": 1.0})), "EX_p_e").problem
    return problem, Region(problem.growth[np.newaxis, :], np.array([5.0]), np.array([np.inf]))


def test_what_is_near_to_no_state_keeps_the_equations():
    problem, region = with_fixed_split()
    assert (problem.row_lower == 8).sum() == 1
    state = Nearest(problem, region, np.zeros(len(problem.columns))).after(())
    activity = problem.matrix @ state
    assert (activity >= problem.row_lower - 1e-6).all() and (activity <= problem.row_upper + 1e-6).all()
    again = Nearest(problem, region, state).after(())
    assert again == pytest.approx(state)


def test_changes_of_no_state_are_none():
    problem, region = with_fixed_split()
    detours = Detours(problem, Region(problem.growth[np.newaxis, :], np.array([-1.0]), np.array([np.inf])))
    state = Nearest(problem, region, np.zeros(len(problem.columns))).after(())
    assert detours.allow(state) and detours.roughly_allow(state)
    assert not detours.allow(0 * state) and not detours.roughly_allow(0 * state)


def test_constraints_of_a_model_that_reactions_are_taken_from_stay_there(tmp_path):
    path = mat_file(tmp_path, C=C, d=np.zeros(3), dsense="LLE")
    taken = {"file": str(path), "reactions": ["SLOW"]}
    case = Case(small(), "EX_p_e", heterologous=taken)
    assert kept(case.model) == []
    told = [finding for finding in case.findings if "constraint" in f"{finding.check} {finding.why}"]
    assert [(finding.before, finding.severity) for finding in told] == [("3 constraints", "warning")]


def test_exports_tell_of_constraints(tmp_path):
    model = Case(constrained(COUPLED, Constraint("s_c", -1.0, 0.0, metabolite="s_c")), "EX_p_e", min_growth=1).model
    rows = [{"rank": "1", "interventions": "-FAST"}]
    assert cobra_form(model, rows)[0]["constraints"] == "../constraints.json"
    assert "constraints" not in cobra_form(small(), rows)[0]
    strain = strain_model(model, "-FAST", "c robustknock rank 1")
    write_strain(tmp_path / "best.xml", strain)
    back, errors = validate_sbml_model(str(tmp_path / "best.xml"))
    assert not any(errors.values())
    assert back.slim_optimize() == pytest.approx(5.5)
    assert back.reactions.SLACK_s_c.bounds == (-1, 0)
    assert "FAST - 2 SLOW &lt;= 0" in strain.notes["constraints"]
    # The model itself stays as it is.
    assert len(kept(model)) == 2 and growth(model) > 5.5


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"d": [5.0, 5.0, 5.0]}, "the file has C without dsense: taken as equations"),
        ({"dsense": "LLL"}, "the file has C without d: taken as 0"),
        ({}, "the file has C without d and dsense: taken as 0 and equations"),
    ],
)
def test_what_a_mat_file_leaves_out_of_its_constraints_is_a_warning(tmp_path, fields, said):
    _, findings = read(mat_file(tmp_path, C=C, **fields))
    assert (findings[-1].severity, findings[-1].why) == ("warning", said)
