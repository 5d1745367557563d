"""Quinones at their measured potentials.

Group contribution misses the potentials of membrane quinones widely: at pH 7 it gives ubiquinone +0.37 V instead of
+0.11 V, which is 49 kJ/mol per couple, and lets fumarate reductase run backward only. So where a reaction turns a
quinone into its quinol one to one, the energy is shifted to the measured potential:

    dG'0 = dG'0(estimated) + n (-2 F E'0(measured) - dG'0(estimated, quinone -> quinol at pH 7)),   n the quinols made

The standard deviation stays that of the estimate. A model may have one quinone that stands for several: in the core
model of E. coli, `q8` is also what fumarate reductase uses, which in the cell is menaquinone (-0.074 V; Thauer et al.
1977). At which potential it stands is a choice, `quinone_potentials_v`: at that of ubiquinone fumarate reductase has
no driving force, at that of menaquinone the respiratory chain has too little.
"""

from collections import Counter
from collections.abc import Mapping

from knockflow.base.errors import ConfigError, suggestion

POTENTIAL_PH = 7.0

COUPLES = {
    "q6": ("q6h2", 0.113),
    "q8": ("q8h2", 0.113),
    "q10": ("q10h2", 0.113),
    "mqn8": ("mql8", -0.074),
    "2dmmq8": ("2dmmql8", 0.036),
}
"""BiGG quinone to its quinol and their standard potential at pH 7 in V. Ubiquinone and menaquinone: Thauer et al. 1977,
doi:10.1128/br.41.1.100-180.1977; demethylmenaquinone: Unden & Bongaerts 1997, doi:10.1016/S0005-2728(97)00034-0."""


def potentials(own: Mapping[str, float]) -> dict[str, float]:
    """The potential of each quinone in V, a case's own before the measured ones.

    Raises
    ------
    ConfigError
        If the case names what is none of these quinones.
    """
    for name in own:
        if name not in COUPLES:
            raise ConfigError(
                f"thermodynamics: quinone_potentials_v.{name}: no such quinone{suggestion(name, COUPLES)}; "
                f"allowed: {', '.join(COUPLES)}"
            )
    return {name: own.get(name, measured) for name, (_, measured) in COUPLES.items()}


def turned(net: Mapping[str, float], tolerance: float) -> tuple[dict[str, float], list[str]]:
    """How many quinols of each couple a reaction makes, and the quinones that it does not turn one to one.

    `net` is a reaction's sum of coefficients by BiGG id, whatever the compartment.
    """
    net, made, unpaired = Counter(net), {}, []
    for quinone, (quinol, _) in COUPLES.items():
        if abs(net[quinone] + net[quinol]) > tolerance:
            unpaired += [name for name in (quinone, quinol) if name in net]
        elif abs(net[quinol]) > tolerance:
            made[quinone] = net[quinol]
    return made, unpaired
