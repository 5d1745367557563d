"""What a case makes, where it is one product or several, as people read it."""

from collections.abc import Mapping

from knockflow.language.ids import Known
from knockflow.language.products import asked_in, named_in, written


def product_name(options: Mapping, content: Mapping, reactions: Mapping[str, Mapping]) -> str:
    """What is made, by the names of its metabolites or exchanges, where they say more than ids."""
    asked = asked_in(options)
    metabolites = {one["id"]: one.get("name") for one in content["metabolites"]}

    def called(name: str) -> str:
        product = reactions.get(Known(reactions).reaction(name), {})
        exchanged = list(product.get("metabolites", {}))
        named = metabolites.get(exchanged[0]) if len(exchanged) == 1 else ""
        if not named or named in exchanged:
            named = product.get("name", "").removesuffix(" exchange")
        return named or name

    return written(asked, {name: called(name) for name in named_in(asked)}) or "no product"
