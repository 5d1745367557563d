"""What a case asks of its model: the product, the growth that must stay possible, and what the cell maximizes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knockflow.language.ids import Known
from knockflow.model.network import Network


@dataclass(frozen=True)
class Question:
    """What search and validation are both asked, by the ids of the model.

    Parameters
    ----------
    product
        Exchange reaction; minimal cut sets need none.
    substrate
        Exchange reaction that yields refer to.
    min_growth
        Least growth that a design must be able to reach (1/h).
    cell_objective
        What the cell maximizes, as coefficients by reaction; empty for growth.
    biomass
        Reaction that grows; None where the network says it, or where nothing is asked of growth.
    """

    product: str | None
    substrate: str | None
    min_growth: float
    cell_objective: Mapping[str, float] = field(default_factory=dict)
    biomass: str | None = None

    @classmethod
    def of(
        cls, network: Network, product: str | None, min_growth: float, cell_objective: Mapping[str, float]
    ) -> "Question":
        """What a configuration asks, by the ids that the network has."""
        return cls.named(network.known(), product, network.substrate, min_growth, cell_objective)

    @classmethod
    def named(
        cls,
        known: Known,
        product: str | None,
        substrate: str | None,
        min_growth: float,
        cell_objective: Mapping[str, float],
        biomass: str | None = None,
    ) -> "Question":
        """The same, where a configuration may write ids in another way than the model does."""
        return cls(
            (known.reaction(product) or product) if product else None,
            substrate,
            min_growth,
            {known.reaction(name) or name: factor for name, factor in cell_objective.items()},
            biomass,
        )
