"""What rules out every set of targets that would be better than what is listed: exact states, and prices.

The sets are visited as scripts/check_proof.py visits them (docs/certificates.md has the logic): below a set that leaves
a witness whole only targets that can hit the witness lead on, and the first witness that it leaves whole is taken.
Witnesses that are found later come later, so that the checker, which has all of them, takes the same one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil

from knockflow.formulations.formulation import Response, Stance
from knockflow.numerics.certified import ExactProgram, OptimalBasis, Unproven
from knockflow.numerics.exact_rows import ExactRow
from knockflow.numerics.reoptimized import FewFluxes, Reoptimized
from knockflow.validation.certificates import Certifier, written_prices
from knockflow.validation.closing import Budget, Closing

ELSEWHERE = 0.01
"""Weight of a flux that no target controls; that of others is 1."""

HEAVY = 1000.0
"""Weight of a flux that a witness should do without."""

NEAR, FAR = Fraction(1, 1000), Fraction(1, 10)
"""Of the room between a ceiling and the largest growth, the share at which witnesses are sought; in between, the
decimal with the fewest digits, so that fractions stay short."""

PRODUCT, GROWTH = "product", "growth"
"""Names of the rows v_p >= goal (or <= less than it) and v_b >= something."""


def exact_numbers(prices: Mapping[str, float]) -> dict[str, Fraction]:
    """Prices as the decimals that they are written with."""
    return {name: Fraction(repr(price)) for name, price in prices.items()}


class Better(Exception):
    """A set of targets that no witness rules out, since it is better than what is listed."""


@dataclass(frozen=True)
class Claim:
    """That no set of targets within a budget has a value of `goal` (mmol/gDW/h); None where none can grow at all."""

    response: Response
    stance: Stance
    budget: Budget
    best: Fraction
    goal: Fraction | None


class Cover:
    """The proof of a claim; `states`, `ceilings`, `empty`, `optima` and `split` are what a file has of it.

    Parameters
    ----------
    targets
        What may be removed or added, as designs.tsv writes it, in the order of targets.tsv.
    """

    def __init__(self, certifier: Certifier, targets: Sequence[str], claim: Claim):
        self.certifier, self.targets, self.claim = certifier, targets, claim
        self.states: list[dict[str, Fraction]] = []
        self.ceilings: dict[str, dict[str, float]] = {}
        self.empty: dict[str, dict[str, float]] = {}
        self.optima: dict[str, dict] = {}
        question = certifier.question
        self._biomass, self._floor = question.biomass, Fraction(repr(float(question.min_growth)))
        self._grow = {self._biomass: Fraction(-1)}
        self._made = {name: Fraction(repr(float(weight))) for name, weight in question.made.items()}
        self.split: list[str] = []
        self._closing = Closing(certifier.model, targets)
        self._closed, self._touching = self._closing.of, self._closing.touching
        self._using: dict[str, int] = {}
        self._ended: set[frozenset[int]] = set()
        self._high: dict[Fraction | None, tuple[int, int]] = {}
        self._programs(certifier.strain(self._closing.everything))

    def _programs(self, strain: ExactProgram) -> None:
        made, biomass = ExactRow(self._made, self.claim.goal, None), {self._biomass: Fraction(1)}
        self._strain = strain
        self._ceiling = Reoptimized(strain.holding({}, {PRODUCT: made}), self._grow)
        self._largest = Reoptimized(strain, self._grow)
        region = {GROWTH: ExactRow(biomass, self._floor, None)}
        if self.claim.response is Response.VIABLE and self.claim.goal is not None:
            # v_p < goal
            region[PRODUCT] = ExactRow(self._made, None, (self.claim.best + self.claim.goal) / 2)
        weights = {name: 1.0 if self._touching.get(name) else ELSEWHERE for name in strain.names}
        self._few = FewFluxes(strain.holding({}, region), weights)

    def prove(self) -> None:
        """Visit all sets.

        Raises
        ------
        Better
            If a set of targets has the goal's value.
        Unproven
            If nothing exact was found that rules a set out.
        """
        self._visit((), 0, None, None)

    def _visit(self, design: tuple[int, ...], barred: int, ceiling: Fraction | None, growth: Fraction | None) -> None:
        """Rule out a set and all larger ones without what is barred.

        Parameters
        ----------
        ceiling
            Growth that no state with the goal's product exceeds after some of the design; None before any is known.
        growth
            Growth at which witnesses are sought.
        """
        if self._ruled_out(design):
            return
        closed = self._closed(design)
        spent = len(self._closing.chosen(design, barred))
        inner = bool(design) and spent < self.claim.budget.most
        if inner and self._ends(closed):
            self._rule_out(design)
            return
        used = None if ceiling is None and self._growing else self._witness(closed, ceiling, growth)
        if used is None:
            if not inner and self._ends(closed):
                self._rule_out(design)
                return
            ceiling = self._lower_ceiling(design, closed, ceiling)
            growth = self._between(closed, ceiling) if self._growing else growth
            used = self._witness(closed, ceiling, growth) if self._growing else None
            used = self._optimum_or_split(design, barred, ceiling, growth) if used is None else used
        if used is not None and (spent < self.claim.budget.most or self._closing.additions):
            below = self._below(design, barred, used)
            if spent == self.claim.budget.most - 1 and not self._closing.additions:
                below = self._with_detours(design, below, ceiling, growth)
            for target, others in below:
                self._visit((*design, target), others, ceiling, growth)

    @property
    def _growing(self) -> bool:
        """Whether witnesses grow faster than a ceiling."""
        return self.claim.response is not Response.VIABLE

    def _witness(
        self, closed: frozenset[str], ceiling: Fraction | None, growth: Fraction | None
    ) -> Iterable[str] | None:
        """What the first witness uses that some closed reactions leave whole; a new one if there is none yet."""
        if self.claim.goal is None or (not self._growing and self.claim.stance is Stance.OPTIMISTIC):
            return None
        spared = self._high_enough(ceiling) & ~self._hit_by(closed)
        if spared:
            return self.states[(spared & -spared).bit_length() - 1]
        return None if self._growing and growth is None else self._new_state(closed, growth)

    def _new_state(
        self, closed: frozenset[str], growth: Fraction | None, heavier: Mapping[str, float] | None = None
    ) -> Mapping[str, Fraction] | None:
        state = self._few.state(closed, {GROWTH: (self._floor if growth is None else growth, None)}, heavier)
        if state is not None:
            self._keep(state)
        return state

    def _keep(self, state: Mapping[str, Fraction]) -> None:
        for name in state:
            self._using[name] = self._using.get(name, 0) | 1 << len(self.states)
        self.states.append(dict(state))

    def _hit_by(self, closed: Iterable[str]) -> int:
        """The witnesses that use any of some reactions, as a set."""
        hit = 0
        for name in closed:
            hit |= self._using.get(name, 0)
        return hit

    def _high_enough(self, ceiling: Fraction | None) -> int:
        """The witnesses that grow faster than a ceiling, as a set; all where none counts."""
        if not self._growing:
            return (1 << len(self.states)) - 1
        seen, high = self._high.get(ceiling, (0, 0))
        for number in range(seen, len(self.states)):
            high |= (self.states[number].get(self._biomass, 0) > ceiling) << number
        self._high[ceiling] = len(self.states), high
        return high

    def _ends(self, closed: frozenset[str]) -> bool:
        """Whether no state is left that grows at min_growth and makes the goal's product, as far as HiGHS says."""
        found = self._ceiling.least(closed)
        return found is None or self._growth_of(*found) < float(self._floor)

    def _growth_of(self, program: ExactProgram, answer: OptimalBasis) -> float:
        return float(answer.fluxes[program.names.index(self._biomass)])

    def _ruled_out(self, design: tuple[int, ...]) -> bool:
        """Whether a part of a design is ruled out with all larger ones."""
        parts = (frozenset(one) for size in range(len(design) + 1) for one in combinations(design, size))
        return not self._ended.isdisjoint(parts)

    def _rule_out(self, design: tuple[int, ...]) -> None:
        """Prove that a least part of a design leaves no state that grows at min_growth and makes the goal's product.

        Raises
        ------
        Unproven
            If no prices prove it.
        """
        for target in design:
            rest = tuple(one for one in design if one != target)
            if self._ends(self._closed(rest)):
                design = rest
        self._ended.add(frozenset(design))
        closed, key = self._closed(design), self._key(design)
        found = self._ceiling.least(closed)
        if found is not None:
            self.ceilings[key], ceiling = self._priced(*found)
            if ceiling < self._floor:
                return
        made, biomass = ExactRow(self._made, self.claim.goal, None), {self._biomass: Fraction(1)}
        rows = {PRODUCT: made, GROWTH: ExactRow(biomass, self._floor, None)}
        program = self._strain.holding(dict.fromkeys(closed, Fraction(0)), rows)
        prices = written_prices(program.emptied(), program)
        if program.bound({}, exact_numbers(prices)) <= 0:
            raise Unproven(f"no prices were found that prove that {key or 'the cell'} has no state")
        self.ceilings.pop(key, None)
        self.empty[key] = prices

    def _priced(self, program: ExactProgram, answer: OptimalBasis) -> tuple[dict[str, float], Fraction]:
        """Prices, and the growth that they prove to be the largest."""
        prices = written_prices(answer, program)
        return prices, -program.bound(self._grow, exact_numbers(prices))

    def _lower_ceiling(self, design: tuple[int, ...], closed: frozenset[str], before: Fraction | None) -> Fraction:
        """The ceiling of a design, which the proof then has."""
        self.ceilings[self._key(design)], ceiling = self._priced(*self._ceiling.least(closed))
        return ceiling if before is None else min(before, ceiling)

    def _between(self, closed: frozenset[str], ceiling: Fraction) -> Fraction | None:
        """Growth a little above a ceiling, if a design can grow faster than that."""
        found = self._largest.least(closed)
        most = Fraction(0) if found is None else Fraction(self._growth_of(*found))
        if most <= ceiling:
            return None
        low, high = (ceiling + share * (most - ceiling) for share in (NEAR, FAR))
        return next(found for n in range(1, 30) if (found := Fraction(ceil(low * 10**n), 10**n)) <= high)

    def _optimum_or_split(
        self, design: tuple[int, ...], barred: int, ceiling: Fraction | None, growth: Fraction | None
    ) -> Iterable[str] | None:
        """What rules out a set with all that may be added; None once all are ruled out by what they add.

        Of what is undecided one thing after the other is left out, and kept in the sets that come after it. If a design
        may have all of it, the set is one itself.
        """
        undecided = self._closing.undecided(design, barred)
        try:
            return self._optimum(design, self._closed(design))
        except (Better, Unproven):
            everything = barred | sum(1 << one for one in undecided)
            if not undecided or self.claim.budget.holds(self._closing.chosen(design, everything)):
                raise
        self.split.append(self._key(design))
        for one in undecided:
            if self.claim.budget.holds(self._closing.chosen(design, barred)):
                self._visit((*design, one), barred, ceiling, growth)
            barred |= 1 << one
        return None

    def _optimum(self, design: tuple[int, ...], closed: frozenset[str]) -> Iterable[str]:
        """What a state of largest growth uses that makes less than the goal: it counts for pessimistic formulations.

        Raises
        ------
        Better
            If there is none.
        Unproven
            If it cannot be had exactly, or does not count.
        """
        name, strain = self._named(design), self._strain.holding(dict.fromkeys(closed, Fraction(0)))
        pessimistic = self.claim.stance is Stance.PESSIMISTIC
        sign = 1 if pessimistic else -1
        least = {GROWTH: ExactRow({self._biomass: Fraction(1)}, self._floor, None)}
        program = strain if self._growing else strain.holding({}, least)
        goals = [self._grow] if self._growing else []
        state = program.best_state(*goals, {one: sign * weight for one, weight in self._made.items()})
        if state is None:
            raise Unproven(f"nothing exact was found that rules out {name}")
        made = sum((weight * state.get(one, Fraction(0)) for one, weight in self._made.items()), Fraction(0))
        if self.claim.goal is None or (made >= self.claim.goal and self.claim.response is not Response.PFBA):
            raise Better(
                f"{name} makes {float(made):.6f} mmol/gDW/h, and {float(self.claim.best):.6f} is the best listed"
            )
        answer = strain.least(self._grow)
        prices = strain.exact_prices(self._grow, answer) if answer else None
        exact = prices is not None and -strain.bound(self._grow, prices) == state.get(self._biomass)
        if not (exact and pessimistic and self.claim.response is Response.GROWTH):
            raise Unproven(f"nothing exact was found that rules out {name}")
        texts = {row: str(price) for row, price in prices.items()}
        self.optima[self._key(design)] = {"state": {one: str(flux) for one, flux in state.items()}, "prices": texts}
        return state

    def _below(self, design: tuple[int, ...], barred: int, used: Iterable[str]) -> list[tuple[int, int]]:
        """The targets that can hit a witness, each with what is barred below it."""
        touching = 0
        for name in used:
            touching |= self._touching.get(name, 0)
        found = []
        for target in range(len(self.targets)):
            if touching >> target & 1 and not barred >> target & 1 and target not in design:
                if self.claim.budget.holds(self._closing.chosen((*design, target), barred)):
                    found.append((target, barred))
                barred |= 1 << target
        return found

    def _with_detours(
        self, design: tuple[int, ...], below: list[tuple[int, int]], ceiling: Fraction | None, growth: Fraction | None
    ) -> Iterator[tuple[int, int]]:
        """Of the last targets those that new witnesses do not rule out, each doing without what is left so far."""
        high = self._high_enough(ceiling)
        left = [one for one in below if not high & ~self._hit_by(self._closed((*design, one[0])))]
        while left and (growth is not None or not self._growing):
            heavy = set().union(*(self._closed((*design, target)) for target, _ in left)) - self._closed(design)
            state = self._few.state(
                self._closed(design),
                {GROWTH: (self._floor if growth is None else growth, None)},
                dict.fromkeys(heavy & set(self._strain.names), HEAVY),
            )
            if state is None:
                break
            still = [one for one in left if not self._closed((*design, one[0])).isdisjoint(state)]
            if len(still) == len(left):
                break
            self._keep(state)
            left = still
        return iter(left)

    def _named(self, design: Collection[int]) -> str:
        """The design that closes what a set closes: what it removes, and what it does not leave out."""
        chosen = self._closing.chosen(design, sum(1 << one for one in self._closing.undecided(design, 0)))
        return self._key(chosen) or "the wild type"

    def _key(self, design: Iterable[int]) -> str:
        return ";".join(sorted(self.targets[target] for target in design))
