"""A screen from Python: the same question for many products, as screen.tsv has it."""

from collections.abc import Iterable
from typing import Unpack

from cobra import Model
from cobra.io import model_to_dict
from pandas import DataFrame

from knockflow.base.errors import ConfigError
from knockflow.base.files import cell
from knockflow.base.screen_table import SCREEN
from knockflow.designs.screen import screen_row
from knockflow.designs.summary import summary_rows
from knockflow.settings.keys import FORMULATION, with_keys
from knockflow.settings.options import NOT_HERE
from knockflow.settings.schema import default_of
from knockflow.settings.screens import ALL
from knockflow.settings.typed import FormulationKeys
from knockflow.stages.screen import products_of

NOT_PASSED_ON = ("name", "model", "product", "products", *NOT_HERE)
"""Options of a case that those of its products do not share."""


class Screened:
    """What lets a case ask its question for other products.

    Attributes
    ----------
    options : dict
        The case as a configuration would have it.
    """

    options: dict
    _given: str | Model

    @with_keys(FORMULATION, leave_out=("front",))
    def screen(self, kind: str, products: str | Iterable[str] = ALL, **options: Unpack[FormulationKeys]) -> DataFrame:
        """The best design for each of many products, each validated; the case's own product does not matter.

        Parameters
        ----------
        kind : str
            A formulation, such as `robustknock`.
        products : list of str, or `all`
            Exchange reactions; by default every organic compound that the model can secrete at min_growth.
        **options
            The keys of a formulation in a configuration, listed below, such as `max_interventions` or `method`.

        Returns
        -------
        DataFrame
            A row for each product, with the columns of screen.tsv.

        Raises
        ------
        ConfigError
            If an option is wrong, or a product is none of the model's.
        """
        own = {key: value for key, value in self.options.items() if key not in NOT_PASSED_ON}
        if isinstance(products, str) and products != ALL:
            raise ConfigError(f"products: give `{ALL}`, or a list such as [{products!r}]")
        if products == ALL:
            given = self._given if isinstance(self._given, Model) else None
            products = products_of(self.options, default_of("model_cache"), given)
        return SCREEN.frame([self._screened(product, own, kind, options) for product in products])

    def _screened(self, product: str, own: dict, kind: str, options: dict) -> dict:
        case = type(self)(self._given, product, **own)
        designs = case.design(kind, **options)
        checks = designs.validate() if len(designs) else None
        rows = [] if checks is None else checks.to_dict("records")
        validation = [{key: cell(value) for key, value in row.items()} for row in rows]
        row = summary_rows(self.options["name"], [designs.claims], validation)[0]
        return {"screen": ""} | screen_row(product, model_to_dict(case.model), designs.record, row)
