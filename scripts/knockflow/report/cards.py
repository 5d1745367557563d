"""A design told whole: what is changed, what that does to the cell, what is sure of it, and why to believe it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knockflow.language.notation import KNOCK_OUT, intervention
from knockflow.report.answers import Answer, ReportedDesign
from knockflow.report.content import ReportedCase
from knockflow.report.flux_map import Strain, changed_most
from knockflow.report.predicted import Predicted
from knockflow.report.verdict import best_at_maximal_growth
from knockflow.report.words import GUARANTEED, PROMISED, few, short

FIRST_CARDS = 6
"""Cards of a case that are shown without unfolding."""

PRINTED_CARDS = 50
"""Cards of a case that are printed; the others are on the screen only."""

MOST_CHANGES = 8
MOST_MEMBERS = 4

ADAPTING = ("MOMA", "ROOM")
"""Predictions of a strain that has not adapted yet."""


@dataclass(frozen=True)
class Change:
    """An intervention: its label, what it names, what is coupled to that, and the strain without it.

    Attributes
    ----------
    parts
        Ids, each with its name and what it does.
    without
        The row of predictions.tsv; None where there is none.
    """

    label: str
    parts: Sequence[tuple[str, str, str]]
    others: int
    silent: Sequence[str]
    without: Mapping[str, str] | None


@dataclass(frozen=True)
class Gene:
    """A gene to delete, and the reactions in whose rules it stands."""

    label: str
    reactions: str


@dataclass(frozen=True)
class Card:
    """A design with all formulations that list it.

    Attributes
    ----------
    key
        Its id in the page.
    genes
        Those to delete, where the interventions are not just these.
    fluxes
        The reactions whose fluxes change most, with names and fluxes of wild type and strain (mmol/gDW/h); empty where
        the state is in no table.
    """

    key: str
    design: ReportedDesign
    listed: Sequence[tuple[Answer, ReportedDesign]]
    changes: Sequence[Change]
    genes: Sequence[Gene]
    switched_off: Sequence[str]
    added: Sequence[str]
    fluxes: Sequence[tuple[str, str, float, float]]
    closed: frozenset[str]
    adapting: Sequence[Mapping[str, str]]

    @property
    def verified(self) -> bool:
        """Whether no list has it with numbers that were not found again."""
        return all(design.verified for _, design in self.listed)

    @property
    def cut_set(self) -> bool:
        """Whether only lists of minimal cut sets have it, which claim no numbers."""
        return all(answer.cut_sets for answer, _ in self.listed)

    @property
    def numbers(self) -> Mapping[str, str]:
        """Growth and ranges of product: of a minimal cut set what validation has found, else what is claimed."""
        return self.design.check if self.cut_set else self.design.row

    @property
    def certified(self) -> list[str]:
        """The formulations in whose files it has a certificate."""
        return [answer.name for answer, design in self.listed if answer.certificates.holds(design.row["rank"])]

    @property
    def uncertified(self) -> list[str]:
        """Why it has none, in each of the other lists, each reason once."""
        return list(dict.fromkeys(answer.certificates.none for answer, _ in self.listed if answer.certificates.none))


def cards(case: ReportedCase) -> list[Card]:
    """The designs of a case, each once: the first of each formulation, then the second ones, and so on."""
    groups: dict[str, list[tuple[Answer, ReportedDesign]]] = {}
    listed = [(answer, design) for answer in case.answers for design in answer.designs if design.interventions]
    for answer, design in sorted(listed, key=lambda one: (one[0].cut_sets, int(one[1].row["rank"]))):
        groups.setdefault(design.row["interventions"], []).append((answer, design))
    known = {part["name"]: part for part in case.parts}
    opinions = {one.interventions: one for one in case.predicted}
    return [
        _card(case, f"card-{case.name}-{number}", group, known, opinions.get(text))
        for number, (text, group) in enumerate(groups.items(), 1)
    ]


def places(cards_of: Mapping[str, Sequence[Card]]) -> dict[tuple[str, str, str], str]:
    """The card of each design by case, formulation and rank."""
    return {
        (case, answer.name, design.row["rank"]): card.key
        for case, found in cards_of.items()
        for card in found
        for answer, design in card.listed
    }


def opened(case: ReportedCase, found: Sequence[Card]) -> str:
    """The card that stands open: of the design that guarantees most, else the first; empty where there is none."""
    best = best_at_maximal_growth(case)
    words = best.design.row["interventions"] if best else ""
    first = found[0].key if found else ""
    return next((card.key for card in found if card.design.row["interventions"] == words), first)


def share_of_wild_type(case: ReportedCase, growth: str) -> str:
    """What a growth (1/h) is of the wild type's, as the end of a phrase; empty where that does not grow."""
    fastest = case.wild_type.growth[-1] if case.wild_type and case.wild_type.growth else 0.0
    return f", {float(growth) / fastest:.0%} of the wild type's" if fastest > 0 else ""


def makes_range(row: Mapping[str, str]) -> str:
    """What a strain makes at maximal growth (mmol/gDW/h): `makes 1.2 to 3.4`, or one number where both are it."""
    least, most = short(row[GUARANTEED]), short(row[PROMISED])
    return f"makes {least}" if least == most else f"makes {least} to {most}"


def _card(case: ReportedCase, key: str, group: list, known: Mapping[str, dict], opinion: Predicted | None) -> Card:
    design = group[0][1]
    rows = opinion.rows if opinion else ()
    without = {row["without"]: row for row in rows if row["without"]}
    return Card(
        key=key,
        design=design,
        listed=group,
        changes=[_change(case, known[name], without.get(name)) for name in design.interventions],
        genes=[] if _says_its_genes(design) else [_gene(case, name) for name in design.genes],
        switched_off=case.switched_off(design.interventions),
        added=case.added(design.interventions),
        fluxes=_fluxes(case, design.row["interventions"]),
        closed=frozenset(case.model.wild.silenced(design.row["interventions"])),
        adapting=[row for row in rows if row["prediction"] in ADAPTING],
    )


def _change(case: ReportedCase, part: Mapping, without: Mapping[str, str] | None) -> Change:
    change, wild = intervention(part["name"]), case.model.wild
    of_genes = all(map(wild.is_gene, change.ids))
    members = _of_same_rules(part["members"]) if of_genes else part["members"]
    told = [(one["id"], one["name"], _what(case, one, change.action)) for one in members]
    silent = [one["id"] for one in part["silent"]]
    label = wild.labelled(part["name"])
    return Change(label, told[:MOST_MEMBERS], len(told[MOST_MEMBERS:]), silent, without)


def _of_same_rules(members: Sequence[Mapping]) -> list[Mapping]:
    """Genes that stand in the rules of the same reactions as one."""
    groups: dict[str, list[Mapping]] = {}
    for one in members:
        groups.setdefault(one["what"], []).append(one)
    return [group[0] | {"id": few([one["id"] for one in group])} for group in groups.values()]


def _what(case: ReportedCase, member: Mapping, action: str) -> str:
    """What a member does: of a reaction that is removed its equation, of anything else what the page says of it."""
    equation = case.model.wild.equations.get(member["id"], "")
    return equation if action == KNOCK_OUT and equation else member["what"]


def _says_its_genes(design: ReportedDesign) -> bool:
    """Whether the interventions are the deletions of the genes, one by one."""
    return sorted(design.interventions) == sorted(f"-{one}" for one in design.genes)


def _gene(case: ReportedCase, name: str) -> Gene:
    wild = case.model.wild
    named = [f"{one} ({case.model.names[one]})" if case.model.names.get(one) else one for one in wild.of_gene(name)]
    return Gene(wild.gene(name), few(named))


def _fluxes(case: ReportedCase, words: str) -> list[tuple[str, str, float, float]]:
    """Of the wild type and a strain, as far as fluxes.tsv has both."""
    if words not in case.fluxes or "" not in case.fluxes:
        return []
    strains = [Strain(text, case.fluxes[text], []) for text in ("", words)]
    return [(name, case.model.names[name], *both) for name, both in changed_most(strains, MOST_CHANGES)]
