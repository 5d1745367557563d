"""Random networks whose cell maximizes something else than growth."""

from hypothesis import strategies as st
from random_networks import networks

from knockflow.model.network import Network

WEIGHTS = [-1.0, -0.5, 0.25, 1.0]


@st.composite
def wished(draw) -> tuple[Network, dict[str, float]]:
    """A network and what its cell maximizes: growth with a tilt, or any function of a few fluxes."""
    network = draw(networks())
    some = draw(st.sets(st.sampled_from(network.reactions), min_size=1, max_size=3))
    objective = {reaction: draw(st.sampled_from(WEIGHTS)) for reaction in sorted(some)}
    if draw(st.booleans()):
        objective = {reaction: value * 1e-3 for reaction, value in objective.items()} | {"BIOMASS": 1.0}
    return network, objective
