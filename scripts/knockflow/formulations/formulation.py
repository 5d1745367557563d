"""The formulations by their published names: which response of the cell, and which state of it counts.

| formulation       | leader's value of a design                        | source                              |
|-------------------|---------------------------------------------------|-------------------------------------|
| `optknock`        | max v_p over the states of maximal growth         | Burgard 2003, doi:10.1002/bit.10803 |
| `robustknock`     | min v_p over the states of maximal growth         | Tepper & Shlomi 2010, doi below     |
| `strong_coupling` | min v_p over the states with growth >= min_growth | guaranteed product, growth floor    |
| `potential`       | max v_p over the states with growth >= min_growth | an upper bound on all others        |
| `pfba_optimistic` | max v_p over the states of maximal growth with the least total flux | Lewis et al. 2010  |
| `pfba_pessimistic`| min v_p over the states of maximal growth with the least total flux | Lewis et al. 2010  |
| `optcouple`       | max growth less max growth with v_p = 0 (1/h)     | Jensen 2019, doi below              |

(RobustKnock: doi:10.1093/bioinformatics/btp704; parsimonious FBA: doi:10.1038/msb.2010.47;
OptCouple: doi:10.1016/j.mec.2019.e00087.)

Every formulation also requires that the design can grow: max v_b >= min_growth. The growth floor problem is
sometimes printed with an inner *max* v_p. Taken literally that is `potential`, and where interventions only
remove, its best design is to do nothing. `optcouple` rates only designs that leave a state without product, as
published; `strong_coupling` and minimal cut sets ask for those that leave none.
"""

from dataclasses import dataclass
from enum import Enum

from knockflow.base.errors import ConfigError, suggestion


class Response(Enum):
    """What the cell may do after the interventions."""

    GROWTH = "growth"
    PFBA = "pfba"
    VIABLE = "viable"
    COUPLING = "coupling"


class Stance(Enum):
    """Which state in the response counts: the one with most or with least product."""

    OPTIMISTIC = "optimistic"
    PESSIMISTIC = "pessimistic"


@dataclass(frozen=True)
class Formulation:
    """A response and a stance, by their published name."""

    name: str
    response: Response
    stance: Stance

    @property
    def optimistic(self) -> bool:
        """Whether the value is a promise; the guarantee is then the least product of the same response."""
        return self.stance is Stance.OPTIMISTIC


FORMULATIONS = {
    formulation.name: formulation
    for formulation in (
        Formulation("optknock", Response.GROWTH, Stance.OPTIMISTIC),
        Formulation("robustknock", Response.GROWTH, Stance.PESSIMISTIC),
        Formulation("strong_coupling", Response.VIABLE, Stance.PESSIMISTIC),
        Formulation("potential", Response.VIABLE, Stance.OPTIMISTIC),
        Formulation("pfba_optimistic", Response.PFBA, Stance.OPTIMISTIC),
        Formulation("pfba_pessimistic", Response.PFBA, Stance.PESSIMISTIC),
        Formulation("optcouple", Response.COUPLING, Stance.PESSIMISTIC),
    )
}

CUT_SETS = "mcs"
"""The kind that asks for minimal cut sets (`knockflow.methods.cut_sets.search`): regions of states instead of a
value."""


def formulation(name: str) -> Formulation:
    """The formulation of that name.

    Raises
    ------
    ConfigError
        If there is none; the message lists them.
    """
    if name not in FORMULATIONS:
        raise ConfigError(
            f"kind: no formulation `{name}`; there are {', '.join(FORMULATIONS)}{suggestion(name, FORMULATIONS)}"
        )
    return FORMULATIONS[name]
