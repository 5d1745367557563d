"""The keys of a case and of a formulation as types, for completion and type checkers.

Made from schema.yaml by `make docs`; edits belong there.
"""

from typing import Literal, TypedDict


class HeterologousKeys(TypedDict, total=False):
    """Reactions that are added to the model; null adds none."""

    file: str
    """A table (`.tsv`) with a row for each reaction, or a second model in any form that `model` takes; a relative
    path counts from the configuration file."""

    reactions: list[str]
    """Ids of the reactions to take from the file; by default all. Default: `[]`."""


PseudoGenesKeys = TypedDict("PseudoGenesKeys", {"add": list[str], "except": list[str]}, total=False)
"""PseudoGenesKeys: The keys of `pseudo_genes`.
`add`: More pseudo-genes of this model; capitals do not matter. Default: `[]`.
`except`: Names of the list that are genes in this model, such as `gap` where it is
glyceraldehyde-3-phosphate dehydrogenase. Default: `[]`."""


class TargetsKeys(TypedDict, total=False):
    """What may be changed."""

    level: Literal["reactions", "genes"]
    """What a knock-out removes; `reactions` is the default since published designs and their numbers are of
    reactions, `genes` is what can be deleted. Default: `'reactions'`."""

    realizable: bool
    """Whether only those reactions are targets that genes can close without closing another one that could carry
    flux, coupled ones aside; at level `reactions`. Default: `False`."""

    with_side_effects: bool
    """With `realizable`: whether a reaction that genes close only with others is a target together with them,
    written `-A&B`. Default: `False`."""

    include: list[str]
    """Reactions that are targets although no gene is known for them; at level `genes` genes, or reactions that are
    knocked out as such. Default: `[]`."""

    exclude: list[str]
    """Reactions, and at level `genes` genes, that are never targets. Default: `[]`."""

    subsystems: list[str]
    """If not empty, only reactions of these subsystems, or genes with a reaction in one, are targets, and what is
    included. Default: `[]`."""

    costs: dict[str, float]
    """Cost of a knock-out by reaction, or at level `genes` by gene; others cost 1. Default: `{}`."""

    spontaneous: list[str] | PseudoGenesKeys
    """Pseudo-genes, which are never deleted, such as `s0001`, `Unknown` and `GAP_FILLED` (docs/models.md lists the
    known ones): a mapping adds some to these or excepts some, a list has all there are; `[]` takes every name
    for a gene. Default: `{}`."""

    maintenance: list[str]
    """Reactions that stand for maintenance; they are never targets. Default: `['ATPM']`."""

    interventions: dict[str, float]
    """Cost by intervention, beyond the default knock-outs: `-ID` knocks out, `+ID` adds a reaction, a pathway or
    (at level `genes`) a gene, `ID>=5` and `ID<=0.4` set a bound in mmol/gDW/h, `ID<=30%` sets it within the
    wild type's flux range at min_growth. Default: `{}`."""

    pathways: dict[str, list[str]]
    """Reactions by name of a pathway; `+NAME` adds all of them at once. Default: `{}`."""

    forced: list[str]
    """Interventions that every design contains; an id alone is knocked out. Default: `[]`."""

    exclusive: list[list[str]]
    """Lists of interventions of which a design contains at most one; an id alone is knocked out. Default: `[]`."""

    table: str | None
    """Table (`.tsv`) of interventions with columns `intervention`, `cost`, `use` (candidate, forced or excluded)
    and `group` (at most one of a group), beside those named here; a relative path counts from the configuration
    file. Default: `None`."""


class ThermodynamicsKeys(TypedDict, total=False):
    """The keys of `thermodynamics`."""

    mode: Literal["directions", "concentrations"]
    """`directions` closes the directions that the energies of single reactions rule out; `concentrations` lets
    only reactions run together that some concentrations drive all at once. Default: `'concentrations'`."""

    concentrations: str | None
    """Table (`.tsv`) of ranges with columns `metabolite`, `compartment`, `least_m` and `largest_m` in M; what
    `conditions` says of a metabolite goes before it. A relative path counts from the configuration file,
    `e_coli` is the project's own of measured ranges, null reads none. Default: `None`."""

    ratios: list[str]
    """Ratios of concentrations by metabolite id, without unit: `[atp_c/adp_c >= 3]`; the signs are `>=`, `<=` and
    `=`. Default: `[]`."""

    min_driving_force_kj_per_mol: float
    """Energy in kJ/mol that a reaction must lose where it runs. Default: `0.001`."""

    max_sd_kj_per_mol: float
    """Standard deviation in kJ/mol above which the energy of a reaction limits nothing. Default: `20.0`."""

    exempt: list[str]
    """Reactions that no energy limits. Default: `[]`."""

    passive_transport: Literal["limited", "free"]
    """Whether energies limit passive transport: what gradients of metabolites and protons drive. Default:
    `'limited'`."""

    contradictions: Literal["exempt", "apply"]
    """What becomes of an energy that rules out every direction which the model gives its reaction: `exempt` does
    not apply it, `apply` closes the reaction. Default: `'exempt'`."""

    samples: int
    """The number of samples of the standard energies, from their covariance, for which each listed design is
    evaluated again; 0 draws none. Default: `0`."""

    compare_with_plain: bool
    """Whether each formulation is searched once more without layers, so that the report also has what the plain
    cell recommends, and why it is rejected. A plain case of the configuration that asks the same serves without
    it. Default: `False`."""

    seed: int
    """Seed of the samples, a whole number of your choice. Default: `1`."""


class EnzymesKeys(TypedDict, total=False):
    """The keys of `enzymes`."""

    budget: float
    """Mass of all enzymes of the metabolism together in g/gDW; or of all protein, where `unmeasured_share` says
    what part of it enzymes are. Default: `0.2818`."""

    costs: str | None
    """Table (`.tsv`) of costs by reaction, with columns `reaction`, `cost_g_h_per_mmol` and, where the directions
    differ, `direction` (`forward`, `reverse`, `both`). A relative path counts from the configuration file,
    `e_coli_core` is the project's; it takes the place of `kcats` and `masses`. Default: `None`."""

    kcats: str | None
    """Table (`.tsv`) of turnover numbers, with columns `reaction`, `kcat_per_s` and, where the directions differ,
    `direction`; it needs `masses`. A relative path counts from the configuration file, `e_coli_core_kcats` is
    the project's own. Default: `None`."""

    masses: str | None
    """Table (`.tsv`) of the masses of genes' proteins, with columns `gene` and `mw_kda`. A relative path counts
    from the configuration file, `e_coli_core_masses` is the project's own. Default: `None`."""

    subunits: str | None
    """Table (`.tsv`) of how often complexes have their subunits, with columns `reaction`, `isozyme`, `gene` and
    `stoichiometry`; what it does not have stands once. A relative path counts from the configuration file.
    Default: `None`."""

    abundances: str | None
    """Table (`.tsv`) of how much there is of measured proteins, with columns `gene` and either `mmol_per_gdw` or
    `mg_per_gdw`: each has a cap of its own, and the rest of the budget is for all others. It needs `kcats` and
    `masses`. A relative path counts from the configuration file. Default: `None`."""

    unmeasured_share: float
    """Share of the mass of protein that was not measured, in g/g, that enzymes of the model are; 1 where `budget`
    is the mass of enzymes alone. Default: `1`."""

    saturation: float
    """Mean saturation of the enzymes that were not measured, by which what is left for them, in g/gDW, is
    multiplied. Default: `1`."""

    missing: Literal["median", "none"]
    """What a reaction with a gene rule costs of which a table says nothing: `median` of those that it tells of, or
    `none`. Default: `'none'`."""

    isozymes: Literal["cheapest", "separate"]
    """`cheapest` gives an enzyme its own column only where designs or rules may take away some of a reaction's
    isozymes but not all; `separate` wherever isozymes have different costs. The cell can do the same. Default:
    `'cheapest'`."""

    exempt: list[str]
    """Reactions that cost nothing. Default: `[]`."""


class RegulationKeys(TypedDict, total=False):
    """The keys of `regulation`."""

    table: str
    """Table (`.tsv`) with columns `gene` and `rule`, and optionally `kind` and `name`; a relative path counts from
    the configuration file, `default` is the project's own. Default: `'default'`."""

    conditions: dict[str, bool | float]
    """Values of symbols that stand for conditions, such as `{Stress: true, pH: 7}`; others are false. Default:
    `{}`."""

    names: dict[str, str]
    """The model's ids of what the table calls otherwise, such as `{BiomassEcoli: BIOMASS_Ecoli}`. Default: `{}`."""


class NamedKeys(TypedDict, total=False):
    """The keys of `named`."""

    share: float
    """Share of the biomass that is in the zone; the shares of all zones add up to 1. Default: `1`."""

    medium: dict[str, float]
    """Largest uptake by exchange reaction in mmol/gDW/h, per biomass of the zone, as in the case's `medium`; what
    it does not name is as there. Default: `{}`."""


class RangesKeys(TypedDict, total=False):
    """Ranges of quantities, `[least, largest]`, from which `sampling` makes more scenarios."""

    uptake: dict[str, list[float]]
    """Of the largest uptake by exchange reaction, in mmol/gDW/h: `{EX_o2_e: [0, 2]}`. Default: `{}`."""

    times: dict[str, list[float]]
    """Of the share of themselves by which a reaction's bounds are multiplied: `{ATPM: [0.8, 1.5]}`. Default: `{}`."""

    growth_atp: list[float] | None
    """Of growth-associated ATP as a share of the model's; null lets it be. Default: `None`."""

    coefficients: dict[str, dict[str, list[float]]]
    """By reaction and metabolite, of the share of itself by which a coefficient is multiplied. Default: `{}`."""

    enzyme_budget: list[float] | None
    """Of the enzyme budget as a share of the case's (layer `enzymes`); null lets it be. Default: `None`."""

    kcat: dict[str, list[float]]
    """By reaction, of its turnover numbers as a share of the table's: `{PFK: [0.5, 2]}`. Default: `{}`."""

    dgp0_kj_per_mol: dict[str, list[float]]
    """By reaction, of what is added to its standard energy, in kJ/mol: `{PFK: [-5, 5]}`. Default: `{}`."""


class ScenariosKeys(TypedDict, total=False):
    """Bounds and coefficients by scenario, by which designs are judged (docs/scenarios.md); null has none."""

    named: dict[str, NamedKeys]
    """The scenarios by name; one that changes nothing is the model as it is. Default: `{'nominal': {}}`."""

    table: str | None
    """More scenarios, as a table (`.tsv`) with columns `scenario`, `quantity`, `reaction`, `metabolite` and
    `value`; a relative path counts from the configuration file, null reads none. Default: `None`."""

    ranges: RangesKeys
    """Ranges of quantities, `[least, largest]`, from which `sampling` makes more scenarios. Default: `{}`."""

    sampling: Literal["corners", "latin_hypercube"]
    """What is made of ranges: their `corners`, all at once (up to 8 ranges), or a `latin_hypercube` of `count`
    scenarios. Default: `'corners'`."""

    count: int
    """The number of scenarios of a Latin hypercube. Default: `10`."""

    judge: Literal["worst", "mean", "quantile"]
    """What a design is worth by all scenarios: the `worst`, the `mean`, or a `quantile`. It must grow in each of
    them. Default: `'worst'`."""

    quantile: float | None
    """The quantile, for `judge: quantile`: the share of scenarios below which a design may be worth less; 0 is the
    worst, 1 the best. Default: `None`."""

    fresh: int
    """The number of random scenarios between these in which designs are tested afterwards. Default: `20`."""

    seed: int
    """Seed of these and of a Latin hypercube: the number of the series of random numbers. Default: `1`."""


class ExchangeKeys(TypedDict, total=False):
    """The keys of `exchange`."""

    conductance: float
    """Flow between neighbours per difference of concentration, in L/gDW/h: mmol/h per mmol/L and gDW of all
    biomass. Default: `0`."""

    capacity: float | None
    """Largest uptake per concentration in the zone, in L/gDW/h: mmol/gDW/h per mmol/L; null limits none. Default:
    `None`."""

    largest: float
    """Largest concentration in any zone, in mmol/L (0.001 M). Default: `1000`."""


class ZonesKeys(TypedDict, total=False):
    """Zones in which parts of the biomass live (docs/zones.md); null has one."""

    named: dict[str, NamedKeys]
    """The zones by name. Default: `{'all': {'share': 1}}`."""

    exchange: dict[str, ExchangeKeys]
    """What neighbours exchange by diffusion, by exchange reaction. Default: `{}`."""

    neighbours: list[list[str]] | None
    """Pairs of zones that exchange; null: each zone and the next, as `named` lists them. Default: `None`."""

    aim: Literal["joint", "selfish"]
    """`joint`: the cell maximizes what all zones reach together, by their shares; `selfish`: each zone its own,
    where nothing connects the zones. Default: `'joint'`."""

    least_growth: float
    """Growth that every zone has at least, in 1/h; the case's `min_growth` is asked of the total by shares.
    Default: `0`."""

    equal_growth: bool
    """Whether all zones grow at the same rate, so that their shares stay what they are. Default: `False`."""


class LayersKeys(TypedDict, total=False):
    """Biology added to the follower."""

    thermodynamics: None | Literal["directions", "concentrations"] | ThermodynamicsKeys
    """Energies of reaction: `directions`, `concentrations` (docs/thermodynamics.md), or a mapping; null adds
    nothing. Default: `None`."""

    enzymes: None | Literal["default"] | EnzymesKeys
    """Mass of enzymes that fluxes need, and its budget (docs/enzymes.md): `default` for the project's own costs of
    the E. coli core, or a mapping; null adds nothing. Default: `None`."""

    regulation: None | Literal["default"] | RegulationKeys
    """Boolean rules of genes: `default` for the project's own table of the E. coli core, or a mapping; null adds
    none. Default: `None`."""

    scenarios: ScenariosKeys | None
    """Bounds and coefficients by scenario, by which designs are judged (docs/scenarios.md); null has none.
    Default: `None`."""

    zones: ZonesKeys | None
    """Zones in which parts of the biomass live (docs/zones.md); null has one. Default: `None`."""


class ConditionsKeys(TypedDict, total=False):
    """Conditions for the energies of reaction."""

    ph: float
    """pH inside. Default: `7.5`."""

    ph_outside: float
    """pH of periplasm and medium. Default: `7.0`."""

    pmg: float
    """pMg. Default: `3.0`."""

    ionic_strength_m: float
    """Ionic strength in M. Default: `0.25`."""

    temperature_k: float
    """Temperature in K. Default: `298.15`."""

    membrane_potential_v: float | list[float]
    """Potential inside against outside in V, or its range as `[least, largest]`: one value within it for all
    reactions, whichever suits the cell. Default: `-0.15`."""

    concentration_min_m: float
    """Least concentration inside in M. Default: `1e-06`."""

    concentration_max_m: float
    """Largest concentration inside in M. Default: `0.01`."""

    outside_concentration_min_m: float
    """Least concentration outside in M. Default: `1e-06`."""

    outside_concentration_max_m: float
    """Largest concentration outside in M. Default: `0.1`."""

    confidence_z: float
    """Standard deviations by which an energy may be off. Default: `1.96`."""

    concentrations: dict[str, list[float]]
    """Range in M by metabolite id, as `[least, largest]`. Default: `{}`."""

    quinone_potentials_v: dict[str, float]
    """Standard potential at pH 7 in V of a quinone by its BiGG id, where it is not the measured one: `{q8:
    -0.074}` lets the core model's q8 stand for menaquinone. Default: `{}`."""

    inside: list[str]
    """Compartments inside the membrane. Default: `['c']`."""

    outside: list[str]
    """Compartments outside the membrane. Default: `['p', 'e']`."""


class CaseKeys(TypedDict, total=False):
    """The keys of `case`."""

    products: None | dict[str, float] | list[str]
    """Several products in the place of `product`: weights above 0 by exchange reaction, such as `{EX_succ_e: 1,
    EX_lac__D_e: 0.5}`, whose weighted sum counts as product; or two in strict order, `[EX_succ_e,
    EX_lac__D_e]`: designs are ranked by the first, and those that make as much of it by the second. Default:
    `None`."""

    heterologous: HeterologousKeys | None
    """Reactions that are added to the model; null adds none. Default: `None`."""

    medium: dict[str, float]
    """Largest uptake by exchange reaction in mmol/gDW/h; exchanges not named keep the model's bounds. Default:
    `{}`."""

    min_growth: float
    """Least growth in 1/h that a design must be able to reach. Default: `0.05`."""

    cell_objective: dict[str, float]
    """What the cell maximizes, as coefficients by reaction, such as `{ATPM: 1}`; by default growth. Growth with a
    small tilt names the biomass reaction too. Default: `{}`."""

    biomass: str | None
    """Biomass reaction; by default the model's objective, else the one reaction named so. Default: `None`."""

    substrate: str | None
    """Exchange reaction that yields refer to; by default the largest uptake of an organic compound. Default:
    `None`."""

    repair: bool
    """Whether `curate` may mend what it finds; if not, it only reports, and bounds beyond 1e6 are refused.
    Default: `True`."""

    targets: TargetsKeys
    """What may be changed. Default: `{}`."""

    layers: LayersKeys
    """Biology added to the follower. Default: `{}`."""

    conditions: ConditionsKeys
    """Conditions for the energies of reaction. Default: `{}`."""


class NestedKeys(TypedDict, total=False):
    """The keys of `nested`."""

    where: list[str]
    """Linear inequalities that the states fulfil."""

    maximize: dict[str, float]
    """What the states maximize, as coefficients by reaction."""


class BigMKeys(TypedDict, total=False):
    """Bounds of the dual variables of `strong_duality` and `kkt`."""

    policy: Literal["instance", "norm", "user"]
    """`instance` estimates them, `norm` derives them from the coefficients (on toys only), `user` takes those
    given here. Default: `'instance'`."""

    removal: None | float
    """Of the multiplier of a removed reaction, for `user`. Default: `None`."""

    growth_price: None | float
    """Of the price of growth, for `user`. Default: `None`."""

    flux_price: None | float
    """Of the price of total flux, for `user`. Default: `None`."""

    multiplier: None | float
    """Of the multipliers of flux bounds in `kkt`, for `user`. Default: `None`."""


class FormulationKeys(TypedDict, total=False):
    """The keys of `formulation`."""

    method: Literal["tree", "strong_duality", "kkt", "benders", "logic_benders", "dive", "exhaustive"] | None
    """How it is solved. Where it is not named: `tree`, which proves its list; `dive`, which proves nothing, for
    more than 4 interventions among more than 200 targets where dives hold, as the log and record.json then say.
    Default: `None`."""

    solver: Literal["cbc", "highs", "scip", "gurobi", "cplex"] | None
    """Solver of the mixed-integer programs of `strong_duality` and `kkt`, and of the master program of `benders`
    and `logic_benders`; `cbc` by default. `cbc` and `highs` come with Knockflow, the others serve where you
    have them. Default: `None`."""

    cuts: Literal["classic", "pareto"]
    """Cuts of `benders` and `logic_benders`: those of the first prices and states that are found, or of all
    optimal ones the strongest at a core point (Pareto-optimal). Default: `'pareto'`."""

    max_interventions: int
    """Largest number of interventions; 0 evaluates the wild type. Default: `3`."""

    max_per_kind: dict[str, int]
    """Largest number of interventions of a kind, such as `{knock_in: 2}`; kinds are knock_out, knock_in,
    regulation and medium. Default: `{}`."""

    min_value: None | float
    """Least value that a design must have, in the value's unit; null asks for none. Default: `None`."""

    suppress: list[str | list[str] | NestedKeys]
    """States that every design of `mcs` rules out: linear inequalities such as `R3 - 0.5 R1 <= 0` for one region,
    lists of them for several; `{where: [inequalities], maximize: {ID: 1}}` is the region of those states that
    maximize something and lie there. Default: `[]`."""

    protect: list[str | list[str] | NestedKeys]
    """States of which every design of `mcs` keeps some, region by region; written as in `suppress`. Default: `[]`."""

    objective: Literal["rate", "yield"]
    """What is rated: `rate` (product, mmol/gDW/h), or `yield` (product per substrate taken up, mol/mol), for all
    formulations but `potential`, `optcouple` and `mcs`. Default: `'rate'`."""

    front: list[Literal["value", "growth", "cost"]]
    """Axes of a Pareto front, two or three of `value`, `growth` and `cost` (the number of interventions where each
    costs 1): one design is listed for each point that no other one dominates. Empty for the designs of best
    value. Default: `[]`."""

    max_designs: int | Literal["all"]
    """How many designs are listed; `all` for every one. Default: `3`."""

    max_cost: None | float
    """Budget for the sum of the targets' costs; null sets none. Default: `None`."""

    time_limit_s: None | float
    """Seconds after which a search ends with its best designs so far; null sets no limit. Default: `600`."""

    mip_gap: float
    """Relative gap at which a mixed-integer program counts as solved. Default: `0`."""

    feasibility: float
    """Primal and dual feasibility tolerance of the mixed-integer solver. Default: `1e-08`."""

    scatter: int
    """Parts that one search with `tree` is split into, each a job of its own; the list is the same for any number.
    Default: `1`."""

    threads: int
    """Threads of the mixed-integer solver; processes of `tree`. Default: `1`."""

    seed: int
    """Seed of the mixed-integer solver, of where the core point of `cuts` begins, and of the choices of `dive`.
    Default: `1`."""

    big_m: BigMKeys
    """Bounds of the dual variables of `strong_duality` and `kkt`. Default: `{}`."""

    confirm: Literal["tree", "exhaustive"] | None
    """Exact method that checks the list of `strong_duality` or `kkt`, of a decomposition whose end is its solver's
    word alone, and of `dive` up to `confirm_up_to`; null leaves it unproven. Default: `'tree'`."""

    dives: int
    """Dives of `dive` at most; each begins with other choices, which `seed` makes. Default: `30`."""

    confirm_up_to: int
    """Largest `max_interventions` up to which `confirm` checks the list of `dive`. Default: `3`."""
