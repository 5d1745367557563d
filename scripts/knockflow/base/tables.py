"""Every table of the results once, but those of layers, which stand in the layers' folders.

docs/files.md is made from here.
"""

from knockflow.base.table import FLAG, FLUX, GROWTH, LIST, NUMBER, WHOLE, YIELD, Column, Table, as_in, columns

CURATION = Table(
    "curation.tsv",
    (
        *columns("item", "id of a reaction, metabolite or gene, or `model`"),
        *columns("check", "which check found it"),
        *columns("severity", "`change` (the model was edited), `warning` or `info`"),
        *columns("before after", "the value read and the value now in the model"),
        *columns("why", "the reason in one sentence"),
    ),
)

GPR = Table(
    "gpr.tsv",
    (
        *columns("reaction", "its id"),
        *columns(
            "rule",
            "the gene rule as curated, pseudo-genes included; brackets in a gene's id are quoted: `g(1)` is `g%281%29`",
        ),
        *columns(
            "gene_cut_sets",
            "minimal sets of genes whose removal makes the rule false: genes joined by `&`, sets by `;`",
            LIST,
        ),
        *columns(
            "listed",
            "`all` of them, or of more than 1000 for example the `100 smallest` (fewer, or none, where they would take "
            "too long to find); empty without a rule",
        ),
    ),
)

TARGETS = Table(
    "targets.tsv",
    (
        *columns(
            "target",
            "its name: reactions of a coupled group that can be removed, or genes of the same effect, sorted, joined "
            "by `|`; reactions that fall together, joined by `&`; a bound as it is set; what is added",
        ),
        *columns(
            "kind",
            "`knock_out`, `knock_in`, `regulation` (a bound of a reaction, a limit of a gene) or `medium` (a bound of "
            "an exchange)",
        ),
        *columns("cost", "of the cheapest of them", NUMBER),
        *columns("reactions", "all reactions that go with it; of a gene, those whose rule names it", LIST),
        *columns("status", "`candidate`, `essential`, `blocked`, `excluded`, or `forced`: every design contains it"),
        *columns("why", "the reason, for all but candidates"),
    ),
)

DESIGNS = Table(
    "designs.tsv",
    (
        *columns(
            "rank",
            "1 is best: by value, then guaranteed product, cost, count, reactions closed (`-A&B` closes two), names",
            WHOLE,
        ),
        *columns(
            "interventions",
            "sorted; `-PYK` removes PYK, a reaction or at level `genes` a gene, `-D_LACt2|LDH_D` a coupled group by "
            "removing either or both, `-FORt2&FORti` both as one, `+AKGDC` adds, `PGI<=3.9` sets a bound",
            LIST,
        ),
        *columns("n_interventions", "how many", WHOLE),
        *columns("cost", "what they cost", NUMBER),
        *columns(
            "value_mmol_per_gdw_h",
            "what the formulation maximizes; of `optcouple` it is growth, in 1/h, with `objective: yield` a yield, in "
            "mol/mol, and of `mcs` there is none",
            unit=FLUX,
        ),
        *columns(
            "growth_per_h",
            "largest growth; with a `cell_objective`, the largest among the states of its maximum",
            unit=GROWTH,
        ),
        *columns("product_min_mmol_per_gdw_h product_max_mmol_per_gdw_h", "product range at largest growth", unit=FLUX),
        *columns(
            "product_min_at_min_growth_mmol_per_gdw_h",
            "guaranteed at every growth from min_growth up",
            unit=FLUX,
        ),
        *columns(
            "yield_min_mol_per_mol",
            "least product per substrate taken up, over the formulation's response",
            unit=YIELD,
        ),
    ),
)

_CLAIMED = "as in designs.tsv: claimed by the search, and found by COBRApy"
_NEAR = "product range at {} percent of the largest growth"

VALIDATION = Table(
    "validation.tsv",
    (
        *columns("formulation", "its name in the configuration"),
        *as_in(DESIGNS, ("rank", "interventions")),
        *(
            Column(name, _CLAIMED, NUMBER, column.unit)
            for column in DESIGNS.columns
            if column.unit
            for name in (f"claimed_{column.name}", column.name)
        ),
        *columns(
            "product_min_at_99_percent_growth_mmol_per_gdw_h product_max_at_99_percent_growth_mmol_per_gdw_h",
            _NEAR.format(99),
            unit=FLUX,
        ),
        *columns(
            "product_min_at_90_percent_growth_mmol_per_gdw_h product_max_at_90_percent_growth_mmol_per_gdw_h",
            _NEAR.format(90),
            unit=FLUX,
        ),
        *columns("plain_growth_per_h", "growth of the plain model, without the case's layers", unit=GROWTH),
        *columns(
            "plain_product_min_mmol_per_gdw_h plain_product_max_mmol_per_gdw_h",
            "its product range at that growth",
            unit=FLUX,
        ),
        *columns("genes", "the genes to delete for the design, its own and those that close its reactions", LIST),
        *columns(
            "also_closed",
            "reactions that fall with them, beyond the design, though they could carry flux in it",
            LIST,
        ),
        *columns("growth_by_genes_per_h", "largest growth of the strain without these genes", unit=GROWTH),
        *columns(
            "product_min_by_genes_mmol_per_gdw_h product_max_by_genes_mmol_per_gdw_h",
            "its product range; none of a strain that dies",
            unit=FLUX,
        ),
        *columns("by_genes", "`same`, `changed`, `lethal` or `impossible`, see below"),
        *columns(
            "by_genes_note",
            "why it is impossible; what the medium no longer offers; whether sets of genes were left out",
        ),
        *columns(
            "coupling",
            "`none`, `potential` (some state of largest growth makes product), `weak` (each does), `directional` "
            "(every state that grows does), `substrate-uptake` (every state that takes up substrate does)",
        ),
        *columns(
            "verified",
            "`true` only if every claim is met within 1e-4 max(1, |claim|); of a minimal cut set, if it suppresses and "
            "protects as asked, and no longer does with any one intervention left out",
            FLAG,
        ),
        *columns("verified_by", "`cobra`, or `cobra+layer` where the case's layers were applied again"),
    ),
)

FRONT = Table(
    "front.tsv",
    (
        *columns("point", "the points in order: the cheapest first, of these the fastest", WHOLE),
        *as_in(
            DESIGNS,
            ("rank", "interventions", "n_interventions", "cost", "value_mmol_per_gdw_h", "growth_per_h"),
        ),
        *columns(
            "proven",
            "whether the search has shown that no design dominates it, and that no point is missing",
            FLAG,
        ),
        *as_in(VALIDATION, ("verified",)),
    ),
)

PRODUCTS = Table(
    "products.tsv",
    (
        *as_in(VALIDATION, ("formulation",)),
        *as_in(DESIGNS, ("rank", "interventions")),
        *columns("product", "one of the case's products"),
        *columns("weight", "its weight in the sum that counts as product; empty in strict order", NUMBER),
        *columns("place", "1 for the first in strict order, 2 for the second; empty with weights", WHOLE),
        *columns(
            "claimed_value_mmol_per_gdw_h value_mmol_per_gdw_h",
            "the formulation's value of this product alone: claimed by the search, where there is a strict order, and "
            "found by COBRApy; in its unit",
            unit=FLUX,
        ),
        *columns("product_min_mmol_per_gdw_h product_max_mmol_per_gdw_h", "its range at largest growth", unit=FLUX),
        *columns(
            "product_min_at_min_growth_mmol_per_gdw_h",
            "guaranteed at every growth from min_growth up",
            unit=FLUX,
        ),
    ),
)

ENVELOPE = Table(
    "envelope.tsv",
    (
        *columns("formulation", "its name in the configuration, or `wild type`"),
        *as_in(DESIGNS, ("rank", "interventions")),
        *columns("growth_per_h", "growth that is held", unit=GROWTH),
        *columns("product_min_mmol_per_gdw_h product_max_mmol_per_gdw_h", "product range there", unit=FLUX),
    ),
)

FLUXES = Table(
    "fluxes.tsv",
    (
        *columns("formulation", "its name in the configuration, or `wild type`"),
        *as_in(DESIGNS, ("rank", "interventions")),
        *columns("reaction", "one that carries flux"),
        *columns(
            "flux_mmol_per_gdw_h",
            "its flux where the strain makes least: at largest growth, least product, least total flux",
            unit=FLUX,
        ),
    ),
)

PREDICTIONS = Table(
    "predictions.tsv",
    (
        *columns("formulation", "its name in the configuration, or `wild type`"),
        *as_in(DESIGNS, ("rank", "interventions")),
        *columns(
            "prediction",
            "`FBA` is the response to the cell's objective, then with at least 0.99 and 0.9 of the largest growth; "
            "`pFBA`, `MOMA`, `ROOM`; `without ...` is FBA of the design without one of its interventions",
        ),
        *columns("growth_per_h", "growth, the largest that the prediction leaves", unit=GROWTH),
        *columns("product_min_mmol_per_gdw_h product_max_mmol_per_gdw_h", "product range there", unit=FLUX),
        *columns(
            "product_min_at_min_growth_mmol_per_gdw_h", "guaranteed at every growth from min_growth up", unit=FLUX
        ),
        *columns(
            "agrees", "whether `validation.tsv`, by another solver, has the same within 1e-4 max(1, |value|)", FLAG
        ),
        *columns(
            "inert",
            "of `without ...`: whether nothing is lost or gained: growth and products are the same, of a pfba "
            "formulation those of pFBA, too",
            FLAG,
        ),
    ),
)

SUMMARIZED = ("coupling", "verified", "by_genes", "genes")
"""What summary.tsv takes from validation.tsv."""

SUMMARY = Table(
    "summary.tsv",
    (
        *columns("case formulation", "their names in the configuration"),
        *as_in(DESIGNS, DESIGNS.names),
        *as_in(VALIDATION, SUMMARIZED),
        *columns("status", "as in record.json"),
        *columns("gap", "as in record.json", NUMBER),
        *columns(
            "reason",
            "why it is not `optimal`, or why there is no design but the wild type: of record.json or curation",
        ),
    ),
)

LAB = Table(
    "lab.tsv",
    (
        *as_in(DESIGNS, ("rank",)),
        *as_in(VALIDATION, ("by_genes",)),
        *columns("intervention", "the one that the row is for; empty for what the case has added to the model"),
        *columns("gene", "as the gene is called"),
        *columns("name", "of what it does"),
        *columns("locus", "its id in the model"),
        *columns("action", "`delete`, `add`, `limit` or `set bound`, or a warning, see above"),
        *columns("reactions_switched_off", "those that the row's gene closes", LIST),
        *columns("note", "what to know, such as other genes that would do"),
    ),
)

RESULTS = (CURATION, GPR, TARGETS, DESIGNS, FRONT, VALIDATION, PRODUCTS, ENVELOPE, FLUXES, PREDICTIONS, SUMMARY, LAB)
"""All but those of layers, and of screens (`knockflow.base.screen_table`)."""
