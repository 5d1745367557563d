"""What the enzymes of every reaction of a model cost: the content of enzymes.tsv."""

import logging
from collections import Counter
from pathlib import Path

from knockflow.base.table import LIST, WHOLE, Table, columns
from knockflow.layers.enzymes.costs import MEDIAN, MOST_TOLD, costs_of
from knockflow.layers.enzymes.costs import TABLE as KNOWN
from knockflow.layers.enzymes.inputs import DIRECTIONS, MG_PER_G, read_inputs
from knockflow.layers.layer import Given
from knockflow.model.gpr import genes, parse
from knockflow.model.network import read_network

logger = logging.getLogger(__name__)

TABLE = Table(
    "enzymes.tsv",
    (
        *columns("reaction", "its id"),
        *columns("direction", "`forward` or `reverse`; of each reaction those that its bounds allow"),
        *columns("cost_mg_h_per_mmol", "protein that a flux needs by the cheapest isozyme", unit="mg h/mmol"),
        *columns(
            "isozymes", "how many enzymes catalyse it, each by itself; 1 where the table tells of the reaction", WHOLE
        ),
        *columns("genes", "the genes of the cheapest isozyme", LIST),
        *columns(
            "status",
            "`table`, `median` (of what the table has), or why it costs nothing: `not in the table`, `no gene`, `no "
            "enzyme needed` (a pseudo-gene), `no mass of` a gene, `boundary`, `biomass`, `exempt`, `supplies "
            "enzymes` (of a model that has them in its stoichiometry)",
        ),
        *columns(
            "measured",
            "measured proteins of its gene rule, each with how much there is of it in mg/gDW: `b0114=1.25`",
            LIST,
        ),
    ),
)

__all__ = ["TABLE", "rows"]


def rows(path: Path, given: Given) -> list[dict]:
    """The rows for a model.json; the log has how many costs are known, and which rows of tables are of nothing here."""
    network = read_network(path)
    inputs = read_inputs(given)
    found = costs_of(network, inputs)
    found.amounts(inputs, given.options["budget"])
    if found.unused:
        told = ", ".join(found.unused[:MOST_TOLD]) + (", ..." if len(found.unused) > MOST_TOLD else "")
        # The project's own tables have some reactions by the names of several models.
        own = all(file.parent == Path(__file__).parent for file in given.files.values())
        level = logging.INFO if own else logging.WARNING
        logger.log(level, "%d names of tables are nothing in the model: %s", len(found.unused), told)
    if inputs.abundances:
        told = len(found.measured), len(inputs.abundances), sum(found.measured.values())
        logger.info("%d of %d measured proteins are of the model, %.4g g/gDW together", *told)
    made = []
    for number, (reaction, costed) in enumerate(found.of.items()):
        lower, upper = network.added.get(reaction, (network.lower[number], network.upper[number]))
        allowed = {"forward": upper > 0, "reverse": lower < 0}
        rule = parse(network.rules[number])
        own = sorted(found.measured.keys() & genes(rule)) if rule and found.measured else []
        measured = [f"{gene}={MG_PER_G * found.measured[gene]:.6g}" for gene in own]
        for way, status in zip(DIRECTIONS, costed.status, strict=True):
            if allowed[way]:
                row = {"reaction": reaction, "direction": way, "status": status, "measured": measured}
                made.append(row | _cheapest(costed, way, status))
    counts = Counter(row["status"] for row in made)
    for status, count in sorted(counts.items()):
        logger.info("directions of reactions: %d %s", count, status)
    return made


def _cheapest(costed, way: str, status: str) -> dict:
    if status not in (KNOWN, MEDIAN) or not costed.enzymes:
        return {}
    best = min(costed.enzymes, key=lambda one: (getattr(one, way), sorted(one.genes)))
    return {
        "cost_mg_h_per_mmol": 1000 * getattr(best, way),
        "isozymes": len(costed.enzymes),
        "genes": sorted(best.genes),
    }
