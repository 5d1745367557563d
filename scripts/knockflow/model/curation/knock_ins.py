"""What a design may add to the wild type: it is closed in the curated model, with its bounds in a note."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cobra import Model, Reaction

from knockflow.base.errors import ConfigError
from knockflow.language.ids import gene_name, table_rows
from knockflow.language.notation import AT_LEAST, AT_MOST, KNOCK_IN, KNOCK_OUT, Intervention, intervention
from knockflow.model.finding import CHANGE, WARNING, Finding, count, first_few, interval
from knockflow.model.gpr import active, parse
from knockflow.model.notes import (
    ABSENT_NOTE,
    KNOCK_IN_BY_NOTE,
    KNOCK_IN_NOTE,
    PATHWAYS_NOTE,
    bounds_when_added,
    remove_notes,
    write_absent_genes,
    write_bounds_when_added,
    write_note,
    write_pathways,
)

TABLE = ("intervention",)
"""What a table of interventions must have; the columns `cost`, `use` and `group` may be missing or empty."""

EXCLUDED = "excluded"


@dataclass(frozen=True)
class Additions:
    """Knock-ins of a case, in its order: reactions with what adds them, pathways, genes.

    `excluded` are reactions that a table excludes as knock-ins: the wild type is without them, and so is every design.
    """

    reactions: Mapping[str, tuple[str, ...]]
    pathways: Mapping[str, tuple[str, ...]]
    genes: frozenset[str]
    excluded: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.reactions or self.genes)


def named(targets: Mapping) -> Iterator[tuple[str, str, bool]]:
    """Every intervention that a case names with a cost: its key, its text, and whether a design may have it.

    Raises
    ------
    FileError
        If the table of interventions cannot be read.
    """
    for text in targets.get("interventions") or ():
        yield "interventions", text, True
    for line, row in enumerate(table_rows(targets, TABLE), start=2):
        yield f"table: line {line}", row["intervention"], row.get("use") != EXCLUDED


def read_additions(model: Model, targets: Mapping) -> Additions:
    """The knock-ins that a case names; all ids must be known to exist."""
    reactions: dict[str, list[str]] = {}
    pathways: dict[str, tuple[str, ...]] = {}
    genes, excluded = set(), set()
    known = targets.get("pathways") or {}
    for _, text, usable in named(targets):
        change = intervention(text, bare=KNOCK_OUT)
        for name in change.names if change.action == KNOCK_IN else ():
            members = [name] if name in model.reactions else known.get(name, ())
            if not members:
                genes.add(name)
            elif not usable:
                excluded.update(members)
            for member in members if usable else ():
                reactions.setdefault(member, []).append(text)
                pathways |= {name: tuple(members)} if name not in model.reactions else {}
    adding = {name: tuple(texts) for name, texts in reactions.items()}
    return Additions(adding, pathways, frozenset(genes), frozenset(excluded - set(reactions)))


def reopen(model: Model) -> list[Finding]:
    """Undo what an earlier curation has closed, since this case may add something else."""
    findings = []
    for reaction in model.reactions:
        bounds = bounds_when_added(reaction)
        if bounds:
            before = interval(reaction.bounds)
            reaction.bounds = bounds
            remove_notes(reaction, KNOCK_IN_NOTE, KNOCK_IN_BY_NOTE)
            why = "closed by an earlier curation, for a case that may add it: opened again"
            findings.append(Finding(reaction.id, "knock-in", CHANGE, before, interval(reaction.bounds), why))
    remove_notes(model, ABSENT_NOTE, PATHWAYS_NOTE)
    return findings


def exclude(model: Model, case: Mapping, biomass: Reaction) -> list[Finding]:
    """Close the knock-ins that a table excludes.

    Raises
    ------
    ConfigError
        If one of them must run.
    """
    excluded = read_additions(model, case.get("targets") or {}).excluded
    findings = []
    _refuse(model, case, biomass, sorted(excluded))
    for reaction in model.reactions:
        if reaction.id in excluded and reaction.bounds != (0, 0):
            before, reaction.bounds = interval(reaction.bounds), (0.0, 0.0)
            why = "excluded by the table of interventions: absent from every design"
            findings.append(Finding(reaction.id, "knock-in", CHANGE, before, "[0, 0]", why))
    return findings


def loosen(model: Model, targets: Mapping) -> bool:
    """Set every bound that an intervention may set looser than the model has it; whether there is any."""
    looser = False
    for _, text, usable in named(targets):
        change = intervention(text, bare=KNOCK_OUT)
        for name in change.names if usable and not change.relative else ():
            if name in model.reactions:
                looser |= _loosen(model.reactions.get_by_id(name), change)
    return looser


def _loosen(reaction: Reaction, change: Intervention) -> bool:
    if change.action == AT_LEAST and change.level < reaction.lower_bound:
        reaction.lower_bound = change.level
    elif change.action == AT_MOST and change.level > reaction.upper_bound:
        reaction.upper_bound = change.level
    else:
        return False
    return True


def close(model: Model, case: Mapping, biomass: Reaction, own: frozenset[str]) -> list[Finding]:
    """Close what is there only if a design adds it.

    Parameters
    ----------
    own : set of str
        The model's reactions before heterologous ones were added.

    Raises
    ------
    ConfigError
        If that would close the biomass reaction, or a reaction that cannot be at rest.
    """
    targets = case.get("targets") or {}
    additions = read_additions(model, targets)
    waiting = {
        name: waits_for(model.reactions.get_by_id(name), additions.genes) for name in with_genes(model, additions)
    }
    waiting = {name: genes for name, genes in waiting.items() if genes}
    _refuse(model, case, biomass, [*additions.reactions, *waiting])
    findings = []
    for reaction in model.reactions:
        texts = additions.reactions.get(reaction.id, ())
        genes = waiting.get(reaction.id, ())
        if texts or genes:
            findings.append(_closed(reaction, texts, genes, reaction.id in own))
    for gene in sorted(additions.genes):
        reactions = [name for name, genes in waiting.items() if gene in genes]
        why = f"absent until a design adds +{gene_name(gene)}: " + (
            f"for {count(len(reactions), 'reaction')} ({first_few(reactions)})"
            if reactions
            else "no reaction is closed by its absence"
        )
        findings.append(Finding(gene_name(gene), "knock-in", CHANGE, "", "absent", why))
    if additions.genes:
        write_absent_genes(model, additions.genes)
    if additions.pathways:
        write_pathways(model, additions.pathways)
    mentioned = {name for _, text, _ in named(targets) for name in intervention(text, bare=KNOCK_OUT).names}
    return findings + [
        Finding(name, "pathway", WARNING, "", "", f"no intervention +{name} adds it: its reactions stay as they are")
        for name in targets.get("pathways") or ()
        if name not in mentioned
    ]


def with_genes(model: Model, additions: Additions) -> list[str]:
    """Reactions whose rule names a gene that is absent, in the model's order."""
    found = {reaction.id for gene in additions.genes for reaction in model.genes.get_by_id(gene).reactions}
    return [reaction.id for reaction in model.reactions if reaction.id in found]


def waits_for(reaction: Reaction, absent: frozenset[str]) -> list[str]:
    """The absent genes of a rule that is false without them; none where it is true."""
    tree = parse(reaction.gene_reaction_rule)
    if active(tree, absent):
        return []
    return sorted(absent & {gene.id for gene in reaction.genes})


def _refuse(model: Model, case: Mapping, biomass: Reaction, closed: list[str]) -> None:
    """Refuse to close what the wild type cannot do without."""
    problems = []
    for name in closed:
        reaction = model.reactions.get_by_id(name)
        if name == biomass.id:
            problems.append(f"{name} is the biomass reaction: the wild type must have it")
        elif reaction.lower_bound > 0 or reaction.upper_bound < 0:
            problems.append(f"{name} cannot be absent: 0 lies outside its bounds {interval(reaction.bounds)}")
    if problems:
        raise ConfigError("\n".join(f"cases.{case['name']}.targets.interventions: {problem}" for problem in problems))


def _closed(reaction: Reaction, texts: tuple[str, ...], genes: list[str], native: bool) -> Finding:
    """Close one reaction and note its bounds."""
    before = interval(reaction.bounds)
    lower, upper = map(float, reaction.bounds)
    whose = "a reaction of the model itself, " if native else ""
    why = f"{whose}absent until a design adds {' or '.join(dict.fromkeys(texts))}" if texts else ""
    if genes:
        why += "; its" if why else "closed: its"
        why += f" rule is false without {', '.join(genes)}"
    if lower == upper == 0:
        why += "; both bounds were 0 before, so adding it changes nothing"
    write_bounds_when_added(reaction, (lower, upper))
    if texts:
        write_note(reaction, KNOCK_IN_BY_NOTE, ";".join(sorted(set(texts))))
    reaction.bounds = (0.0, 0.0)
    return Finding(reaction.id, "knock-in", WARNING if lower == upper == 0 else CHANGE, before, "[0, 0]", why)
