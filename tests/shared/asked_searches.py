"""Limits, regions and lists of searches on random cases with all kinds of interventions."""

from hypothesis import assume
from hypothesis import strategies as st
from searches import run

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS
from knockflow.language.kinds import KINDS

READ = ("optknock", "robustknock", "strong_coupling", "potential", "optcouple")


def problem_of(drawn):
    """The problem; a wild type without a relative level's range is no case."""
    try:
        return drawn.problem()
    except ConfigError:
        assume(False)


@st.composite
def designs(draw, targets):
    """Some targets, with one bound for each side of a reaction."""
    least = min(len(targets), draw(st.sampled_from([0, 3, 5])))
    chosen = draw(st.sets(st.sampled_from(range(len(targets))), min_size=least, max_size=8))
    sides = {}
    for target in sorted(chosen):
        sides[targets.ids[target].split("=")[0]] = target
    return frozenset(sides.values())


@st.composite
def limits(draw, most: int = 4, max_designs=(1, 3, None)):
    """How much may be changed."""
    return Limits(
        draw(st.integers(1, most)),
        draw(st.sampled_from(max_designs)),
        draw(st.sampled_from([None, None, 1.5, 3.0])),
        draw(st.sampled_from([{}, {}, *({kind: 1} for kind in KINDS), {"knock_out": 0}])),
        draw(st.sampled_from([None, None, None, 1.0])),
    )


def listed(method, problem, formulation, limits, **asked):
    """The list of a method, on the problem as a search prepares it."""
    base, prepared = BEHAVIOURS[FORMULATIONS[formulation].response].prepare(problem)
    best = BestDesigns(prepared, FORMULATIONS[formulation], limits, base)
    with Watch(30) as watch:
        result = run(method, best, watch, **asked)
    assert result.complete and not watch.stopped
    return result.ranked


def few(problem, most: int = 14):
    assume(problem.viable and 0 < len(problem.growing(with_idle=True).targets) <= most)


def plain(options):
    """The options as a configuration has them."""
    keys = ("level", "interventions", "include", "costs", "forced", "exclusive")
    found = {key: getattr(options, key) for key in keys}
    found["costs"] = {name: cost for name, cost in options.costs.items() if f"-{name}" not in options.forced}
    return found | {"pathways": {name: list(ids) for name, ids in options.pathways.items()}}


@st.composite
def regions(draw, reactions, nested: bool):
    """A region of states, by itself or among those that maximize something."""
    inner = [name for name in reactions if name[0] == "R"]
    terms = draw(st.lists(st.sampled_from(["BIOMASS", "EX_p", "EX_s", *inner]), min_size=1, max_size=2, unique=True))
    left = " + ".join(f"{draw(st.sampled_from(['1', '0.5', '2']))} {name}" for name in terms)
    texts = [f"{left} {draw(st.sampled_from(['>=', '<=', '>=']))} {draw(st.sampled_from([0.1, 1, 3, -1]))}"]
    if draw(st.booleans()):
        texts.append(f"BIOMASS >= {draw(st.sampled_from([0.1, 0.5, 2]))}")
    if not nested:
        return texts
    return {"where": texts, "maximize": {draw(st.sampled_from(["BIOMASS", "BIOMASS", "EX_p", *inner])): 1.0}}
