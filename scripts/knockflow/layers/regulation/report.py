"""What the report tells of rules of genes."""

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from knockflow.layers.in_report import BoundsById, Told
from knockflow.layers.regulation.rules import NO_EXCHANGE, TABLE, UNKNOWN


def told(folder: Path, options: Mapping, bounds: BoundsById) -> Told:
    """Whose rules a case has, how many matter, and the words that are nothing."""
    rows = TABLE.read(folder / TABLE.file)
    mattering = sum(row["status"] not in ("unused", UNKNOWN, NO_EXCHANGE) for row in rows)
    unknown = [row["symbol"] for row in rows if row["status"] == UNKNOWN]
    table = options["table"]
    named = "the project's own table" if table == "default" else Markup("<code>{}</code>").format(table)
    line = Markup("rules of genes of {}, {} of them with a say").format(named, mattering)
    if unknown:
        line += f"; assumed false, since nothing here is called so: {', '.join(unknown)}"
    return Told(line)
