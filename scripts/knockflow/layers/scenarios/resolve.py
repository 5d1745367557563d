"""What each scenario changes in a curated model: from the options of a case to new bounds and coefficients by id."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from knockflow.base.errors import ConfigError, suggestion
from knockflow.layers.variant import ModelVariant
from knockflow.model.network import Network

NO_BOUND = 1000
"""mmol/gDW/h from which a bound stands for none."""

HYDROLYSIS = {"atp": -1, "h2o": -1, "adp": 1, "pi": 1, "h": 1}
"""What growth-associated ATP is turned into, by BiGG id without compartment."""


VARIED = {"enzyme_budget": 1.0, "kcat": 1.0, "dgp0_kj_per_mol": 0.0}
"""What scenarios change that belongs to other layers, and what changes nothing of it."""


def check(network: Network, scenarios: Mapping[str, Mapping], where: str) -> None:
    """See that some scenarios can be resolved; `where` begins each line of what is wrong.

    Raises
    ------
    ConfigError
        With a line for each name, bound and coefficient that is wrong.
    """
    wrong = [f"{where}{name}.{line}" for name, one in scenarios.items() for line in _Changes(network, one).wrong]
    if wrong:
        raise ConfigError("\n".join(dict.fromkeys(wrong)))


def rows(network: Network, scenarios: Mapping[str, Mapping]) -> list[dict]:
    """The rows of scenarios.tsv: a row for each change, and one with only a name for a scenario that has none."""
    return [
        {"scenario": name} | row for name, one in scenarios.items() for row in _Changes(network, one).rows() or [{}]
    ]


class _Changes:
    """The changes of one scenario, by reaction, and what is wrong with what is asked."""

    def __init__(self, network: Network, scenario: Mapping) -> None:
        self.network, self.wrong = network, []
        self.bounds: dict[str, tuple[float, float]] = {}
        self.coefficients: dict[tuple[str, str], Fraction] = {}
        self.varied: list[tuple[str, str, float]] = []
        self._known = network.known()
        for key in ("bounds", "uptake", "times"):
            for name, asked in scenario.get(key, {}).items():
                reaction = self._reaction(key, name)
                if reaction and reaction in self.bounds:
                    self.wrong.append(f"{key}: {name}: its bounds are set twice; keep one")
                elif reaction:
                    self._limit(key, name, reaction, asked)
        for name, factors in scenario.get("coefficients", {}).items():
            reaction = self._reaction("coefficients", name)
            for metabolite, factor in factors.items() if reaction else ():
                self._multiply(name, reaction, metabolite, factor)
        if scenario.get("growth_atp", 1) != 1:
            self._raise_atp(scenario["growth_atp"])
        for key, nothing in VARIED.items():
            self._vary(key, scenario.get(key, nothing), nothing)

    def rows(self) -> list[dict]:
        """The rows of the table, without the scenario's name; numbers as short as they are exact."""
        ends = (
            {"reaction": name, "lower_mmol_per_gdw_h": repr(low), "upper_mmol_per_gdw_h": repr(high)}
            for name, (low, high) in self.bounds.items()
        )
        stoichiometry = (
            {"reaction": name, "metabolite": metabolite, "coefficient": repr(float(value))}
            for (name, metabolite), value in self.coefficients.items()
        )
        varied = (
            {"quantity": key, "reaction": reaction, "value": repr(float(value))} for key, reaction, value in self.varied
        )
        return [*ends, *stoichiometry, *varied]

    def _vary(self, key: str, asked, nothing: float) -> None:
        """What another layer is to change: of the whole, or of reactions."""
        if not isinstance(asked, Mapping):
            self.varied += [(key, "", asked)] if asked != nothing else []
            return
        found = ((self._reaction(key, name), value) for name, value in asked.items())
        self.varied += [(key, reaction, value) for reaction, value in found if reaction and value != nothing]

    def _reaction(self, key: str, name: str) -> str | None:
        """The reaction that is meant."""
        reaction = self._known.reaction(name)
        if reaction is None:
            self.wrong.append(f"{key}: no reaction `{name}` in the model{suggestion(name, self.network.reactions)}")
        elif reaction in self.network.added:
            self.wrong.append(f"{key}: {name} is there only if a design adds it; give it its bounds there")
            return None
        return reaction

    def _limit(self, key: str, name: str, reaction: str, asked) -> None:
        """New bounds of a reaction."""
        number = self.network.index()[reaction]
        lower, upper = float(self.network.lower[number]), float(self.network.upper[number])
        if key == "bounds":
            lower, upper = map(float, asked)
            if lower > upper:
                self.wrong.append(f"bounds: {name}: [{lower:g}, {upper:g}] is upside down: the least flux comes first")
        elif key == "times":
            lower, upper = (_times(bound, asked) for bound in (lower, upper))
        elif not self.network.boundary(number):
            exchanges = [one for n, one in enumerate(self.network.reactions) if self.network.boundary(n)]
            self.wrong.append(f"uptake: {name} exchanges nothing with the medium{suggestion(name, exchanges)}")
        elif self.network.uptake(reaction) < 0:
            lower = -float(asked) + 0.0
        else:
            upper = float(asked)
        if key == "uptake" and lower > upper:
            self.wrong.append(f"uptake: {name}: the model's bounds leave no flux within an uptake of {asked:g}")
        self.bounds[reaction] = lower, upper

    def _stoichiometry(self, reaction: str) -> dict[str, Fraction]:
        column = self.network.stoichiometry[self.network.index()[reaction]]
        return {self.network.metabolites[number]: value for number, value in column}

    def _multiply(self, name: str, reaction: str, metabolite: str, factor: float) -> None:
        own = self._stoichiometry(reaction)
        if metabolite not in own:
            self.wrong.append(f"coefficients: {name} has no metabolite `{metabolite}`{suggestion(metabolite, own)}")
        elif self._balanced_otherwise(metabolite):
            self.wrong.append(f"coefficients: {metabolite}: a constraint of the model stands in place of its balance")
        else:
            self.coefficients[reaction, metabolite] = own[metabolite] * Fraction(repr(factor))

    def _balanced_otherwise(self, metabolite: str) -> bool:
        return any(one.metabolite == metabolite for one in self.network.constraints)

    def _raise_atp(self, factor: float) -> None:
        """Change what growth hydrolyses: as much ATP as there comes ADP out of the biomass reaction."""
        biomass = self.network.biomass
        own = self._stoichiometry(biomass)
        for made in (name for name, value in own.items() if name.startswith("adp") and value > 0):
            there = {base: base + made.removeprefix("adp") for base in HYDROLYSIS}
            if all(name in own for name in there.values()):
                more = own[made] * (Fraction(repr(factor)) - 1)
                for base, sign in HYDROLYSIS.items():
                    before = self.coefficients.get((biomass, there[base]), own[there[base]])
                    self.coefficients[biomass, there[base]] = before + sign * more
                return
        self.wrong.append(
            f"growth_atp: {biomass} makes no ADP from ATP under their BiGG ids; name its coefficients in `coefficients`"
        )


def _times(bound: float, factor: float) -> float:
    """A bound times a factor, exact in decimals; what stands for no bound stays."""
    if not abs(bound) < NO_BOUND:
        return bound
    return float(Fraction(repr(bound)) * Fraction(repr(float(factor)))) + 0.0


def by_scenario(table: Sequence[Mapping[str, str]]) -> Iterator[ModelVariant]:
    """The scenarios of the rows of a table."""
    for name in dict.fromkeys(row["scenario"] for row in table):
        bounds: dict[str, tuple[float, float]] = {}
        coefficients: dict[str, dict[str, Fraction]] = {}
        varied: dict[str, float | dict[str, float]] = {}
        for row in (row for row in table if row["scenario"] == name):
            quantity, reaction, metabolite = (row.get(key, "") for key in ("quantity", "reaction", "metabolite"))
            if quantity and reaction:
                varied.setdefault(quantity, {})[reaction] = float(row["value"])
            elif quantity:
                varied[quantity] = float(row["value"])
            elif metabolite:
                coefficients.setdefault(reaction, {})[metabolite] = Fraction(row["coefficient"])
            elif reaction:
                bounds[reaction] = float(row["lower_mmol_per_gdw_h"]), float(row["upper_mmol_per_gdw_h"])
        yield ModelVariant(name, bounds, coefficients, varied)
