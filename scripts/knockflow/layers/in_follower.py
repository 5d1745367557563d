"""What a layer does to the search's follower: hooks that do nothing unless a layer has something to say there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knockflow.model.gpr import GeneCutSet, GeneRule
from knockflow.model.network import Network
from knockflow.problem.extension import Extension
from knockflow.problem.judge import Judge
from knockflow.problem.offer import Offer
from knockflow.problem.problem import Problem
from knockflow.problem.side_by_side import Place
from knockflow.problem.targets import TargetOptions


@dataclass(frozen=True)
class Uncompressed:
    """A case before compression, in terms of the model's reactions and genes.

    Attributes
    ----------
    network
        As `InFollower.tighten` of all layers has left it.
    offered
        What designs may change, and the bounds that leave room for all of it; hooks may change it.
    cuts
        Minimal gene cut sets by reaction.
    large
        Gene rules of the reactions that have no list of cut sets.
    options
        The case's targets.
    gone
        Genes that every design lacks.
    switched
        Genes that some layer may switch off whatever a design removes.
    """

    network: Network
    offered: Offer
    cuts: Mapping[str, list[GeneCutSet]]
    large: Mapping[str, GeneRule]
    options: TargetOptions
    gone: frozenset[str]
    switched: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Variant:
    """A network that one of several followers has, under its name, and what it asks of other layers (`vary`)."""

    name: str
    network: Network
    varied: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A copy of the cell that stands beside others in one follower, such as a zone: its network, and its share.

    Shares are those of the biomass; they add up to 1.
    """

    name: str
    share: float
    network: Network


class InFollower:
    """A layer of one case in the search. The hooks are called once each, in the order in which they stand here.

    Attributes
    ----------
    varies
        Quantities that followers may have otherwise than the case, each by itself.
    """

    varies: tuple[str, ...] = ()

    def tighten(self, network: Network) -> Network:
        """The network with bounds no wider than before; first of all, so that compression sees them."""
        return network

    def switched_genes(self) -> set[str]:
        """Genes that it may switch off; it closes columns that depend on them (`Extension.depending`)."""
        return set()

    def variants(self, network: Network) -> Sequence[Variant]:
        """The networks of several followers that answer one leader: the same reactions and rows, by name.

        They may have other bounds and coefficients. None leaves the case its one follower.
        """
        return ()

    def vary(self, varied: Mapping[str, object]) -> "InFollower":
        """The layer in a follower in which quantities are changed; the others, and all that it has not, are as here.

        Of what it gives back, `tighten` and `extend` are called: `offer` is called for all followers together, here.
        """
        return self

    def judge(self) -> Judge | None:
        """How designs are judged by several followers; None leaves that to other layers, and to the worst."""
        return None

    def parts(self, network: Network) -> Sequence[Part]:
        """The networks of copies of the cell side by side in one follower: the same reactions and rows, by name.

        They may have other bounds. Asked of each variant; none leaves the follower its one cell, and so do all but one
        layer. Cuts and targets are the same for all parts.
        """
        return ()

    def offer(self, case: Uncompressed) -> dict[str, str]:
        """Add targets to `case.offered`, or narrow what it holds; why some genes are no targets, by gene."""
        return {}

    def connect(self, extension: Extension, places: Sequence[Place]) -> None:
        """Add rows and columns between the parts that it has made, by the columns of each, in the parts' order."""

    def acting_genes(self) -> set[str]:
        """Genes that do more than let reactions run, so that deleting one does more than close these."""
        return set()

    def extend(self, extension: Extension) -> None:
        """Add rows and columns to the compressed problem, `extension.problem`, and what targets do to these.

        States of the problem without the layer only become fewer. The largest growth is found again afterwards.
        """

    def hindrance(self, problem: Problem) -> str:
        """What of this layer keeps the cell from growing at min_growth, in words; empty if nothing does.

        Asked only where it does not grow, with the problem as it is with all other layers.
        """
        return ""

    def idle(self, problem: Problem) -> dict[str, str]:
        """Targets that turn out to do nothing, with the reason, once all layers have extended the problem."""
        return {}
