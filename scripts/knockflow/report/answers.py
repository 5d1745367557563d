"""One formulation of one case as the page tells of it: its designs, what was claimed of them, what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from knockflow.designs.summary import SAME
from knockflow.formulations.registry import formulation
from knockflow.report.certified import Certificates
from knockflow.report.words import column_of, interventions


@dataclass(frozen=True)
class ReportedDesign:
    """A row of designs.tsv with its verdict; numbers are the tables' own text."""

    formulation: str
    row: Mapping[str, str]
    check: Mapping[str, str]

    @property
    def interventions(self) -> list[str]:
        """What is changed; empty for the wild type."""
        return interventions(self.row["interventions"])

    @property
    def verified(self) -> bool:
        """Whether the re-evaluation on the original model gave the same numbers."""
        return self.row["verified"] == "true"

    @property
    def by_genes(self) -> str:
        """What becomes of it once genes are deleted for it: `same`, `changed`, `lethal` or `impossible`."""
        return self.row["by_genes"]

    @property
    def genes(self) -> list[str]:
        """The genes to delete for it."""
        return interventions(self.row["genes"])

    @property
    def also_closed(self) -> list[str]:
        """The reactions that fall with these genes although they could carry flux."""
        return interventions(self.check["also_closed"])

    def number(self, column: str) -> float:
        """A cell as a number."""
        return float(self.row[column])

    @cached_property
    def claims(self) -> list[dict]:
        """Claimed against re-evaluated numbers, with their difference."""
        out = []
        for name, claimed in self.check.items():
            if name.startswith("claimed_"):
                column = name.removeprefix("claimed_")
                again = self.check[column]
                difference = abs(float(claimed) - float(again)) if claimed and again else None
                out.append({"column": column, "claimed": claimed, "again": again, "difference": difference})
        return out


@dataclass(frozen=True)
class Answer:
    """One formulation of one case: its options, its record, its designs, and how many of them have certificates."""

    name: str
    kind: str
    options: Mapping
    record: Mapping
    designs: Sequence[ReportedDesign]
    reason: str = ""
    certificates: Certificates = Certificates()

    @property
    def maximized(self) -> str | None:
        """The column that this formulation maximizes; None for minimal cut sets, and for a front without the value."""
        return column_of(self.kind) if "value" in (self.front or ["value"]) else None

    @property
    def front(self) -> list[str]:
        """The axes of the Pareto front that was asked for; none where designs of best value were."""
        return self.options["front"]

    @property
    def cut_sets(self) -> bool:
        """Whether its designs are minimal cut sets, which have no value."""
        return formulation(self.kind).cut_sets

    @property
    def status(self) -> str:
        """`proven`, `unproven`, `infeasible`, `error`, or `refuted`: what the record says, and never better.

        A proof is about the search's own problem: a design that does not verify puts the whole list in doubt.
        """
        if self.unverified:
            return "refuted"
        if self.record["status"] in ("infeasible", "error"):
            return self.record["status"]
        return "proven" if self.record["status"] == "optimal" and self.record["proven"] else "unproven"

    @property
    def unverified(self) -> list[ReportedDesign]:
        """Designs whose re-evaluation differs from the claim."""
        return [design for design in self.designs if not design.verified]

    @property
    def not_by_genes(self) -> list[ReportedDesign]:
        """Designs that the deletion of genes does not make as they are."""
        return [design for design in self.designs if design.by_genes != SAME]

    @property
    def wild_type_only(self) -> bool:
        """Whether nothing better than the wild type was found."""
        return [design.interventions for design in self.designs] == [[]]

    @property
    def without_design(self) -> bool:
        """Whether there is nothing but the wild type, or not even that, and a reason for it."""
        return not any(design.interventions for design in self.designs) and bool(self.reason)

    @property
    def largest_difference(self) -> float | None:
        """The largest difference between a claim and its re-evaluation."""
        found = [claim["difference"] for design in self.designs for claim in design.claims]
        return max((one for one in found if one is not None), default=None)
