"""What a case asks of its model: the product, the growth that must stay possible, and what the cell maximizes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from knockflow.language.ids import Known
from knockflow.language.products import Product, named_in
from knockflow.model.network import Network


@dataclass(frozen=True)
class Question:
    """What search and validation are both asked, by the ids of the model.

    Parameters
    ----------
    product
        Exchange reaction; minimal cut sets need none. In strict order the first one.
    substrate
        Exchange reaction that yields refer to.
    min_growth
        Least growth that a design must be able to reach (1/h).
    cell_objective
        What the cell maximizes, as coefficients by reaction; empty for growth.
    biomass
        Reaction that grows; None where the network says it, or where nothing is asked of growth.
    weights
        Of several products whose weighted sum counts as product, by exchange reaction; `product` is then None.
    then
        In strict order the second product, which ranks designs that make as much of the first; else None.
    """

    product: str | None
    substrate: str | None
    min_growth: float
    cell_objective: Mapping[str, float] = field(default_factory=dict)
    biomass: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    then: str | None = None

    @property
    def made(self) -> dict[str, float]:
        """What counts as product, as coefficients by reaction; empty where nothing does."""
        return dict(self.weights) or ({} if self.product is None else {self.product: 1.0})

    @property
    def each(self) -> dict[str, "Question"]:
        """The same question of each of several products alone; empty where there is one."""
        names = [*self.weights] or ([self.product, self.then] if self.then else [])
        return {name: replace(self, product=name, weights={}, then=None) for name in names}

    @classmethod
    def of(
        cls, network: Network, product: Product, min_growth: float, cell_objective: Mapping[str, float]
    ) -> "Question":
        """What a configuration asks, by the ids that the network has."""
        return cls.named(network.known(), product, network.substrate, min_growth, cell_objective)

    @classmethod
    def named(
        cls,
        known: Known,
        product: Product,
        substrate: str | None,
        min_growth: float,
        cell_objective: Mapping[str, float],
        biomass: str | None = None,
    ) -> "Question":
        """The same, where a configuration may write ids in another way than the model does."""
        meant = {name: known.reaction(name) or name for name in named_in(product)}
        weighted = isinstance(product, Mapping)
        first, then = [None, None] if weighted else [*map(meant.get, named_in(product)), None, None][:2]
        return cls(
            first,
            substrate,
            min_growth,
            {known.reaction(name) or name: factor for name, factor in cell_objective.items()},
            biomass,
            {meant[name]: float(weight) for name, weight in product.items()} if weighted else {},
            then,
        )
