"""Decomposition of the bilevel problem: a master over the interventions, the follower below, and cuts between them."""
