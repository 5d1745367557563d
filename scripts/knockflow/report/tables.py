"""Tables of a case as the page counts them: targets, findings of curation, essential genes."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from knockflow.base.essential_table import ESSENTIAL
from knockflow.base.tables import CURATION, TARGETS
from knockflow.model.gene_sets import ONLY_WITH

STATUSES = ("candidate", "forced", "essential", "blocked", "excluded")


def targets(folder: Path) -> dict:
    """What may be changed: counts by status and by kind, and the reactions of each target."""
    rows = TARGETS.read(folder / TARGETS.file)
    counts = Counter(row["status"] for row in rows)
    offered = [row for row in rows if row["status"] in ("candidate", "forced")]
    return {
        "counts": {status: counts[status] for status in STATUSES if status in counts or status != "forced"},
        "kinds": sorted(Counter(row["kind"] for row in offered if row["kind"] != "knock_out").items()),
        "excluded": Counter(_sort_of(row["why"]) for row in rows if row["status"] == "excluded").most_common(),
        "reactions": {row["target"]: row["reactions"].split(";") for row in rows},
    }


def _sort_of(why: str) -> str:
    """A reason without the names of other reactions."""
    return ONLY_WITH if why.startswith(ONLY_WITH) else why


def findings(folder: Path) -> dict:
    """What curation has changed and found."""
    rows = CURATION.read(folder / CURATION.file)
    counts = Counter((row["check"], row["severity"]) for row in rows)
    by_severity = {word: [row for row in rows if row["severity"] == word] for word in ("change", "warning", "info")}
    return {
        "counts": [
            {"check": check} | {word: counts[check, word] for word in by_severity}
            for check in dict.fromkeys(row["check"] for row in rows)
        ],
        "lost_rules": sorted(
            {row["item"] for row in by_severity["warning"] if row["why"].startswith("the rule cannot be read")}
        ),
        "source": {"size": "", "sha256": "", "constraints": ""}
        | {row["check"]: row["before"] for row in rows if row["item"] == "model"},
        **by_severity,
    }


def of_some_cases(options: Mapping) -> list[str]:
    """The tables that only cases have which ask for them, those of layers apart."""
    return [ESSENTIAL.file] if options["essential_genes"] else []


def found_essential(folder: Path, options: Mapping) -> dict[str, str]:
    """The genes that a screen has found to be essential, each with the screen; none where no table is named."""
    if not options["essential_genes"]:
        return {}
    return {row["gene"]: row["source"] for row in ESSENTIAL.read(folder / ESSENTIAL.file)}
