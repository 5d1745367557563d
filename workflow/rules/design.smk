"""The search for designs, and their validation on the original model."""

# Where searches with concentrations keep what they find of energies, for all cases and later runs.
CONFLICT_SETS = f"{RESULTS}/conflict_sets.jsonl"


rule seeds:
    """Find what all parts of a scattered search begin with."""
    input:
        problem=of_case("problem.npz"),
    output:
        of_case("{formulation}/parts/seeds.json"),
    log:
        **logs("seeds", path="{case}/{formulation}/"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/{{formulation}}/seeds.tsv"
    conda:
        "../../envs/solve.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=lambda wildcards: runtime_of(wildcards.formulation),
    params:
        options=lambda wildcards: part_options(wildcards.formulation),
        conflict_sets=CONFLICT_SETS,
        code=code_of("seeds"),
    script:
        "../../scripts/seeds.py"


rule part:
    """Search one part of a scattered design problem."""
    input:
        problem=of_case("problem.npz"),
        seeds=rules.seeds.output[0],
    output:
        of_case("{formulation}/parts/{part}-of-{parts}.json"),
    log:
        **logs("{part}-of-{parts}", path="{case}/{formulation}/parts/"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/{{formulation}}/parts/{{part}}-of-{{parts}}.tsv"
    conda:
        "../../envs/solve.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=lambda wildcards: runtime_of(wildcards.formulation),
    params:
        options=lambda wildcards: part_options(wildcards.formulation),
        conflict_sets=CONFLICT_SETS,
        code=code_of("part"),
    script:
        "../../scripts/part.py"


rule design:
    """Find the best minimal designs of a case under one formulation."""
    input:
        problem=of_case("problem.npz"),
        parts=lambda wildcards: parts_of(wildcards.case, wildcards.formulation),
    output:
        designs=report(
            of_case("{formulation}/designs.tsv"),
            caption="../report/captions/designs.rst",
            category="Designs",
            labels={"case": "{case}", "formulation": "{formulation}"},
        ),
        record=of_case("{formulation}/record.json"),
    log:
        **logs("design", "solver", path="{case}/{formulation}/"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/{{formulation}}/design.tsv"
    conda:
        "../../envs/solve.yaml"
    threads: lambda wildcards: CONFIG["formulations"][wildcards.formulation]["threads"]
    resources:
        mem_mb=memory(2000),
        runtime=lambda wildcards: runtime_of(wildcards.formulation),
    params:
        options=lambda wildcards: CONFIG["formulations"][wildcards.formulation],
        conflict_sets=CONFLICT_SETS,
        code=lambda wildcards: code_of("design", *methods_of(wildcards.formulation)),
    script:
        "../../scripts/design.py"


rule validate:
    """Re-evaluate every design of a case with COBRApy on the curated model."""
    input:
        model=of_case("model.json"),
        designs=lambda wildcards: [
            f"{RESULTS}/{wildcards.case}/{name}/designs.tsv"
            for name in formulations_of(wildcards.case)
        ],
        records=lambda wildcards: [
            f"{RESULTS}/{wildcards.case}/{name}/record.json"
            for name in formulations_of(wildcards.case)
        ],
        layers=rules.problem.input.layers,
    output:
        table=report(
            of_case("validation.tsv"),
            caption="../report/captions/validation.rst",
            category="Validation",
            labels={"case": "{case}", "table": "validation"},
        ),
        envelope=report(
            of_case("envelope.tsv"),
            caption="../report/captions/envelope.rst",
            category="Validation",
            labels={"case": "{case}", "table": "envelope"},
        ),
        fluxes=of_case("fluxes.tsv"),
        predictions=of_case("predictions.tsv"),
    log:
        **logs("validate"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/validate.tsv"
    conda:
        "../../envs/model.yaml"
    threads: CONFIG["validation_threads"]
    resources:
        mem_mb=memory(2000),
        runtime=60,
    params:
        formulations=lambda wildcards: formulations_of(wildcards.case),
        product=rules.problem.params.product,
        min_growth=rules.problem.params.min_growth,
        cell_objective=rules.problem.params.cell_objective,
        layers=rules.problem.params.layers,
        code=with_layers("validate", "strain"),
    script:
        "../../scripts/validate.py"


rule products:
    """Tell what each of several products contributes to each design."""
    input:
        model=of_case("model.json"),
        designs=rules.validate.input.designs,
        records=rules.validate.input.records,
        layers=rules.problem.input.layers,
    output:
        of_case("products.tsv"),
    log:
        **logs("products"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/products.tsv"
    conda:
        "../../envs/model.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=60,
    params:
        formulations=rules.validate.params.formulations,
        product=rules.problem.params.product,
        min_growth=rules.problem.params.min_growth,
        cell_objective=rules.problem.params.cell_objective,
        layers=rules.problem.params.layers,
        code=with_layers("products", "strain"),
    script:
        "../../scripts/products.py"


rule front:
    """Write the points of a Pareto front, with the verdict of the validation on each."""
    input:
        designs=rules.design.output.designs,
        record=rules.design.output.record,
        validation=rules.validate.output.table,
    output:
        of_case("{formulation}/front.tsv"),
    log:
        **logs("front", path="{case}/{formulation}/"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/{{formulation}}/front.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=10,
    params:
        code=code_of("front"),
    script:
        "../../scripts/front.py"


# Where a layer asks for it and no case says it: the same searches of the cell without layers.
use rule problem as problem_without_layers with:
    input:
        model=of_case("model.json"),
        gpr=of_case("gpr.tsv"),
        table=targets_table,
        layers=[],
    output:
        targets=of_case("without_layers/targets.tsv"),
        problem=of_case("without_layers/problem.npz"),
    log:
        **logs("problem", path="{case}/without_layers/"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/without_layers/problem.tsv"
    params:
        product=rules.problem.params.product,
        min_growth=rules.problem.params.min_growth,
        cell_objective=rules.problem.params.cell_objective,
        targets=rules.problem.params.targets,
        layers=[],
        content=lambda wildcards: content_of(targets_table(wildcards)),
        code=code_of("problem"),


use rule design as design_without_layers with:
    input:
        problem=of_case("without_layers/problem.npz"),
        parts=[],
    output:
        designs=of_case("without_layers/{formulation}/designs.tsv"),
        record=of_case("without_layers/{formulation}/record.json"),
    log:
        **logs("design", "solver", path="{case}/without_layers/{formulation}/"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/without_layers/{{formulation}}/design.tsv"


for LAYER in filter(lambda layer: layer.designs, LAYERS.values()):

    rule:
        # What a layer tells of each design: those of the case, and those of a plain case beside it.
        name:
            f"{LAYER.key}_designs"
        input:
            model=of_case("model.json"),
            designs=rules.validate.input.designs,
            records=rules.validate.input.records,
            plain_designs=lambda wildcards: plain_results(wildcards.case, "designs.tsv"),
            plain_records=lambda wildcards: plain_results(wildcards.case, "record.json"),
            layers=rules.problem.input.layers,
        output:
            of_case(f"{LAYER.key}_designs.tsv"),
        log:
            **logs(f"{LAYER.key}_designs"),
        benchmark:
            f"{RESULTS}/benchmarks/{{case}}/{LAYER.key}_designs.tsv"
        conda:
            f"../../envs/{LAYER.environment}.yaml"
        threads: 1
        resources:
            mem_mb=memory(LAYER.memory_mb),
            runtime=240,
        params:
            key=LAYER.key,
            formulations=rules.validate.params.formulations,
            plain=lambda wildcards: shared_with_plain_case(wildcards.case),
            product=rules.problem.params.product,
            min_growth=rules.problem.params.min_growth,
            cell_objective=rules.problem.params.cell_objective,
            layers=rules.problem.params.layers,
            cache=CONFIG["model_cache"],
            code=lambda wildcards, layer=LAYER: code_of(
                "layer_designs",
                layer.designs,
                *modules_of(LAYERS_OF[wildcards.case], "strain"),
            ),
        script:
            "../../scripts/layer_designs.py"
