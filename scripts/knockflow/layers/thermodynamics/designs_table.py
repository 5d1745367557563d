"""The table in which energies of reaction tell of designs."""

from knockflow.base.table import LIST, WHOLE, Table, columns

TABLE = Table(
    "thermodynamics_designs.tsv",
    (
        *columns("formulation", "its name"),
        *columns("rank", "in the list of the case that lists it"),
        *columns("interventions", "the design", LIST),
        *columns(
            "recommended_by",
            "`case`, `plain` (the cell without layers: a case of the same run that asks the same, or with "
            "`compare_with_plain` searched for it), or `both`",
        ),
        *columns("growth_per_h", "largest growth; empty where the strain does not grow at min_growth", unit="1/h"),
        *columns("product_min_mmol_per_gdw_h", "least product at that growth", unit="mmol/gDW/h"),
        *columns("plain_growth_per_h", "largest growth without the layer", unit="1/h"),
        *columns("plain_product_min_mmol_per_gdw_h", "least product at that growth", unit="mmol/gDW/h"),
        *columns(
            "driving_force_kj_per_mol",
            "largest common driving force (max-min) of the state of least total flux that makes no more than "
            "`product_min_mmol_per_gdw_h`, with energies as far off as the case allows",
            unit="kJ/mol",
        ),
        *columns("expected_driving_force_kj_per_mol", "the same with the mean energies", unit="kJ/mol"),
        *columns("bottlenecks", "reactions that limit the first of these, with the signs of their fluxes", LIST),
        *columns("concentrations", "in that state, each metabolite with `:` and M", LIST),
        *columns(
            "conflict",
            "directed reactions that the same state of the plain cell needs and that no concentrations drive together, "
            "while all but any one of them can run",
            LIST,
        ),
        *columns("samples", "samples of the standard energies for which the design was evaluated", WHOLE),
        *columns("samples_growing", "those for which it grows at min_growth", WHOLE),
        *columns("samples_holding", "those for which it also makes at least `product_min_mmol_per_gdw_h`", WHOLE),
        *columns("samples_product_min_mmol_per_gdw_h", "least product of those that grow", unit="mmol/gDW/h"),
    ),
)
