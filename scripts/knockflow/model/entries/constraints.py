"""Constraints of a model besides the steady state: read from each format, checked, and told line by line.

A form that the follower cannot hold, such as variables that are no fluxes, is refused by name: without it the model
would be another one.
"""

from collections.abc import Callable, Mapping, Sequence

import libsbml
import numpy as np
from cobra import Metabolite, Model, Reaction
from cobra.io.sbml import F_REACTION, F_SPECIE
from scipy.sparse import coo_array, csr_array

from knockflow.base.errors import FileError, ModelError, suggestion
from knockflow.model.constrained_model import add, constrain, constraints_of, ends, set_ends, tidy_id
from knockflow.model.constraints import Constraint, wrong
from knockflow.model.entries.sbml_ids import READING
from knockflow.model.finding import INFO, WARNING, WHOLE_MODEL, Finding, count
from knockflow.model.notes import CONSTRAINTS_NOTE

CHECK, ALL = "constraint", "constraints"
LISTED = 20
"""Constraints that have a line of their own."""

ROUNDING = 1e-9
"""By how much entries may differ that should be the same."""

TRIED = 500
"""Constraints that are relaxed one by one where the model has no state."""

ASSUMED = {"d": "0", "dsense": "equations"}
"""What stands for a field beside `C` that a file does not have."""

SENSES = {"E": (True, True), "L": (False, True), "G": (True, False)}
"""What a letter of the COBRA toolbox bounds: below, above."""


def check_constraints(model: Model) -> list[Finding]:
    """Set up what the model's notes and metabolites hold, and tell of each constraint that the model has.

    Raises
    ------
    ModelError
        With one line for each constraint of a form that cannot be kept.
    """
    findings = of_metabolites(model)
    try:
        constrain(model)
    except FileError as error:
        raise ModelError(str(error)) from error
    kept = constraints_of(model)
    if not kept:
        return findings
    why = "beside the steady state: in the follower, in validation and in the exported strain"
    what = count(len(kept), "constraint")
    findings.append(Finding(WHOLE_MODEL, ALL, INFO, what, "", f"{what} of the model's own {why}"))
    for one in kept[:LISTED]:
        why = "the model's balance of this metabolite is not 0" if one.metabolite else "a constraint of the model's own"
        findings.append(Finding(one.id, CHECK, INFO, str(one), "", why))
    if len(kept) > LISTED:
        why = f"and {len(kept) - LISTED} more; model.json holds all of them, in its note `{CONSTRAINTS_NOTE}`"
        findings.append(Finding(WHOLE_MODEL, CHECK, INFO, "", "", why))
    return findings


def _taken(model: Model, constraints: Sequence[Constraint], origin: str) -> list[Finding]:
    """Add constraints from a file; those that bound nothing are left out.

    Raises
    ------
    ModelError
        With one line for each that makes no sense.
    """
    problems = [problem for problem in map(wrong, constraints) if problem]
    if problems:
        raise ModelError("\n".join(f"{origin}: {problem}" for problem in problems))
    says = [one for one in constraints if _bounds_something(one)]
    add(model, says)
    findings = []
    if says:
        what = count(len(says), "constraint")
        findings.append(Finding(WHOLE_MODEL, CHECK, INFO, what, "", f"read from {origin}"))
    if len(says) < len(constraints):
        idle = count(len(constraints) - len(says), "constraint")
        findings.append(Finding(WHOLE_MODEL, CHECK, WARNING, idle, "", f"left out of {origin}: they bound nothing"))
    return findings


def _bounds_something(one: Constraint) -> bool:
    finite = np.isfinite(one.lower) or np.isfinite(one.upper)
    return bool(one.metabolite or (finite and any(one.coefficients.values())))


def _own_ids(model: Model, names: Sequence[str]) -> list[str]:
    """Ids for constraints that the solver takes, each its own."""
    taken = {row.name for row in model.constraints}
    found = []
    for name in names:
        found.append(tidy_id(name, taken))
        taken.add(found[-1])
    return found


def _ends(sense: str, bound: float) -> tuple[float, float]:
    below, above = SENSES[sense]
    return (bound if below else -np.inf), (bound if above else np.inf)


# JSON and YAML ----------------------------------------------------------------------------------------------------


def of_metabolites(model: Model) -> list[Finding]:
    """Take over the balances that metabolites of older COBRApy files hold: `_bound` and `_constraint_sense`.

    COBRApy keeps the first as an attribute without any effect.
    """
    found = []
    for metabolite in model.metabolites:
        bound, sense = _attributes(metabolite)
        balance = ends(model.constraints[metabolite.id])
        if (bound, sense) != (0.0, "E") and balance == (0.0, 0.0):
            found.append(Constraint(metabolite.id, *_ends(sense, bound), metabolite=metabolite.id))
    return _taken(model, found, "`_bound` and `_constraint_sense` of the metabolites")


def _attributes(metabolite: Metabolite) -> tuple[float, str]:
    """What a metabolite holds of its balance; the attributes are reset, since the solver has it from now on."""
    held = vars(metabolite)
    bound, sense = held.get("_bound"), held.pop("_constraint_sense", "E")
    try:
        value = float(bound or 0.0)
    except (TypeError, ValueError):
        value = np.nan
    if not np.isfinite(value):
        raise ModelError(f"metabolite {metabolite.id}: `_bound` is {bound!r}, not a finite number")
    if sense not in SENSES:
        raise ModelError(f"metabolite {metabolite.id}: `_constraint_sense` is {sense!r}; allowed: E, L, G")
    metabolite._bound = 0.0
    return value, sense


# MATLAB -----------------------------------------------------------------------------------------------------------


def of_struct(model: Model, struct: np.ndarray) -> list[Finding]:
    """Take over what a MATLAB model holds: `C`, `d`, `dsense`, `ctrs`; `b`, `csense`; in older files rows of `A`.

    Fields after the COBRA toolbox; RAVEN's `b` may have two columns, the least and the largest balance.
    """
    fields = {name: struct[name][0, 0] for name in struct.dtype.names}
    _refuse_variables(fields)
    m, n = len(model.metabolites), len(model.reactions)
    below = _rows_below(fields, m, n)
    size = m + below.shape[0]
    bound = _numbers(fields, "b", size, m)
    sense = _letters(fields, "csense", len(bound), m)
    balances = [
        Constraint(metabolite.id, *_balance(sense[i], bound[i]), metabolite=metabolite.id)
        for i, metabolite in enumerate(model.metabolites)
    ]
    balances = [one for one in balances if (one.lower, one.upper) != (0.0, 0.0)]
    findings = _taken(model, balances, "b and csense of the file")
    if below.shape[0]:
        if len(bound) != size or len(sense) != size:
            raise ModelError(f"A has {below.shape[0]} rows below S, which b and csense do not speak of")
        names = [f"row_{m + k + 1}_of_A" for k in range(below.shape[0])]
        rows = _rows(model, below, names, [_balance(sense[m + k], bound[m + k]) for k in range(below.shape[0])])
        findings += _taken(model, rows, "the rows of A below S in the file")
    return findings + _of_coupling(model, fields, n)


def _of_coupling(model: Model, fields: Mapping, n: int) -> list[Finding]:
    """Coupling constraints C v <= d, as `dsense` says."""
    if "C" not in fields or not min(fields["C"].shape, default=0):
        return []
    matrix = csr_array(fields["C"])
    k = matrix.shape[0]
    if matrix.shape[1] != n:
        raise ModelError(f"C has {matrix.shape[1]} columns where there are {n} reactions")
    bound, sense = _numbers(fields, "d", k), _letters(fields, "dsense", k)
    lacking = [key for key in ("d", "dsense") if not np.size(fields.get(key, ()))]
    names = [_text(cell) for cell in np.ravel(fields["ctrs"])] if "ctrs" in fields else []
    names = names if len(names) == k else [f"constraint_{number + 1}" for number in range(k)]
    rows = _rows(model, matrix, names, [_balance(sense[i], bound[i]) for i in range(k)])
    findings = _taken(model, rows, "C, d and dsense of the file")
    if lacking:
        why = (
            f"the file has C without {' and '.join(lacking)}: taken as {' and '.join(ASSUMED[key] for key in lacking)}"
        )
        findings.append(Finding(WHOLE_MODEL, CHECK, WARNING, count(k, "constraint"), "", why))
    return findings


def _refuse_variables(fields: Mapping) -> None:
    """Variables of the toolbox that are no fluxes."""
    held = [name for name in ("evars", "E", "D") if name in fields and min(fields[name].shape, default=0)]
    if held:
        names = [_text(cell) for cell in np.ravel(fields["evars"])] if "evars" in held else []
        listed = f" ({', '.join(names[:3])})" if names else ""
        raise ModelError(
            f"holds variables that are no fluxes{listed} in {', '.join(held)}: this form cannot be kept; write them as "
            "reactions, or leave them out in MATLAB"
        )


def _rows_below(fields: Mapping, m: int, n: int) -> csr_array:
    """The rows of A below those of S, in which older versions of the toolbox kept coupling constraints."""
    nothing = csr_array((0, n))
    if "A" not in fields or not min(fields["A"].shape, default=0):
        return nothing
    matrix, stoichiometry = csr_array(fields["A"]), csr_array(fields["S"])
    if matrix.shape[0] < m or matrix.shape[1] != n or abs(matrix[:m] - stoichiometry).max() > ROUNDING:
        raise ModelError("A does not begin with the rows of S, one column for each reaction: this form cannot be kept")
    return matrix[m:]


def _rows(model: Model, matrix: csr_array, names: Sequence[str], bounds: Sequence) -> list[Constraint]:
    """Rows of a matrix over the reactions as constraints."""
    entries: list[dict[str, float]] = [{} for _ in names]
    found = coo_array(matrix)
    for row, column, value in zip(*found.coords, found.data, strict=True):
        if value:
            entries[row][model.reactions[int(column)].id] = float(value)
    ids = _own_ids(model, names)
    return [Constraint(name, *ends, entry) for name, ends, entry in zip(ids, bounds, entries, strict=True)]


def _balance(sense: str, bound: np.ndarray) -> tuple[float, float]:
    """Bounds from a letter and a number, or from two numbers."""
    return (float(bound[0]), float(bound[1])) if len(bound) == 2 else _ends(sense, float(bound[0]))


def _numbers(fields: Mapping, key: str, *sizes: int) -> np.ndarray:
    """A column of numbers, or two; zeros where the field is not there. As long as one of some sizes."""
    if key not in fields or not np.size(fields[key]):
        return np.zeros((sizes[-1], 1))
    try:
        found = np.asarray(csr_array(fields[key]).toarray(), float)
    except (TypeError, ValueError) as error:
        raise ModelError(f"{key} holds what is not a number") from error
    found = found.T if found.shape[0] in (1, 2) and found.shape[1] in sizes and found.shape[0] not in sizes else found
    if found.shape[0] not in sizes or found.shape[1] > 2:
        raise ModelError(f"{key} has {found.shape[0]} rows and {found.shape[1]} columns, where {sizes[-1]} are wanted")
    if np.isnan(found).any():
        raise ModelError(f"{key}: entry {int(np.argwhere(np.isnan(found))[0][0]) + 1} is not a number")
    return found


def _letters(fields: Mapping, key: str, *sizes: int) -> str:
    """The letters of `csense` or `dsense`, E where the field is not there."""
    if key not in fields or not np.size(fields[key]):
        return "E" * sizes[0]
    found = "".join(_text(cell) for cell in np.ravel(fields[key]))
    wrong_ones = sorted(set(found) - set(SENSES))
    if wrong_ones:
        raise ModelError(f"{key} holds {', '.join(map(repr, wrong_ones))}; allowed: E, L, G")
    if len(found) not in sizes:
        raise ModelError(f"{key} has {len(found)} letters, where {sizes[-1]} are wanted")
    return found if len(found) == sizes[0] else found + "E" * (sizes[0] - len(found))


def _text(cell: object) -> str:
    """The text in a cell or array of characters."""
    return "".join(map(str, np.ravel(cell))).strip() if isinstance(cell, np.ndarray) else str(cell).strip()


# SBML -------------------------------------------------------------------------------------------------------------


def of_sbml(model: Model, text: str) -> list[Finding]:
    """Take over user-defined constraints of SBML fbc 3, and the charges that COBRApy does not read in that version."""
    if "fbc/version3" not in text:
        return []
    document = libsbml.readSBMLFromString(text)
    inner = document.getModel()
    plugin = inner.getPlugin("fbc") if inner else None
    if plugin is None or plugin.getPackageVersion() < 3:
        return []
    _read_charges(model, inner)
    parts = list(plugin.getListOfUserDefinedConstraints())
    names = _own_ids(model, [part.getIdAttribute() or f"constraint_{k}" for k, part in enumerate(parts, start=1)])
    found, problems = [], []
    for name, part in zip(names, parts, strict=True):
        try:
            found.append(_user_defined(model, inner, name, part))
        except ModelError as error:
            problems.append(f"user-defined constraint `{name}`: {error}")
    if problems:
        raise ModelError("\n".join(problems))
    return _taken(model, found, "the user-defined constraints of the file (fbc 3)")


def _read_charges(model: Model, inner: libsbml.Model) -> None:
    """Take over charges, which COBRApy asks for as whole numbers and gets as 0 in this version."""
    for species in inner.getListOfSpecies():
        name, fluxes = READING[F_SPECIE](species.getIdAttribute()), species.getPlugin("fbc")
        if fluxes is not None and fluxes.isSetCharge() and name in model.metabolites:
            charge = fluxes.getChargeAsDouble()
            whole = float(charge).is_integer()
            if np.isfinite(charge):
                model.metabolites.get_by_id(name).charge = int(charge) if whole else charge


def _user_defined(model: Model, inner: libsbml.Model, name: str, part) -> Constraint:
    coefficients: dict[str, float] = {}
    for term in part.getListOfUserDefinedConstraintComponents():
        if term.getVariableTypeAsString() != "linear" or term.isSetVariable2():
            raise ModelError("has a term that is not linear: only linear ones can be kept")
        variable = term.getVariable()
        reaction = READING[F_REACTION](variable)
        if reaction not in model.reactions:
            parameter = inner.getParameter(variable) is not None
            what = "a parameter, not a flux: this form cannot be kept" if parameter else "no reaction of the model"
            near = "" if parameter else suggestion(variable, [f"R_{one.id}" for one in model.reactions])
            raise ModelError(f"its variable {variable} is {what}{near}")
        coefficients[reaction] = coefficients.get(reaction, 0.0) + _parameter(inner, term.getCoefficient())
    lower = _parameter(inner, part.getLowerBound()) if part.isSetLowerBound() else -np.inf
    upper = _parameter(inner, part.getUpperBound()) if part.isSetUpperBound() else np.inf
    return Constraint(name, lower, upper, coefficients)


def _parameter(inner: libsbml.Model, name: str) -> float:
    """The value of a parameter that a constraint names."""
    found = inner.getParameter(name)
    if found is None:
        near = suggestion(name, [parameter.getIdAttribute() for parameter in inner.getListOfParameters()])
        raise ModelError(f"there is no parameter {name!r}{near}")
    if inner.getInitialAssignment(name) or inner.getRule(name):
        raise ModelError(f"parameter {name} is computed by the file: write it as a number")
    if not found.isSetValue():
        raise ModelError(f"parameter {name} has no value")
    return float(found.getValue())


# What leaves no state ---------------------------------------------------------------------------------------------


def at_fault(model: Model) -> list[str] | None:
    """The constraints without any one of which a model that has no state has one; None if it has none without all."""

    def possible() -> bool:
        model.slim_optimize()
        return model.solver.status != "infeasible"

    return _relaxed_one_by_one(model, possible)


def in_the_way(model: Model, reaction: Reaction, needed: float) -> list[str] | None:
    """The constraints without any one of which a reaction reaches a flux; None if it does not without all of them."""

    def reached() -> bool:
        value = model.slim_optimize()
        return value >= needed if model.solver.status == "optimal" else model.solver.status == "unbounded"

    with model:
        model.objective = reaction
        model.objective_direction = "max"
        return _relaxed_one_by_one(model, reached)


def _relaxed_one_by_one(model: Model, good: Callable[[], bool]) -> list[str] | None:
    rows = {one.id: model.constraints[one.id] for one in constraints_of(model)}
    before = {name: ends(row) for name, row in rows.items()}

    def helps(names: Sequence[str]) -> bool:
        for name in names:
            set_ends(rows[name], -np.inf, np.inf)
        found = good()
        for name in names:
            set_ends(rows[name], *before[name])
        return found

    if not rows or not helps(list(rows)):
        return None
    return [name for name in list(rows)[:TRIED] if helps([name])]
