"""From the model as published to the follower that is solved."""


rule curate:
    """Read a case's model, check and mend it, apply the medium; list every change and finding."""
    input:
        model=model_file,
        heterologous=heterologous_file,
        table=targets_table,
        layers=lambda wildcards: layer_files(
            wildcards.case, adding_layers(wildcards.case), with_tables=False
        ),
    output:
        model=of_case("model.json"),
        table=report(
            of_case("curation.tsv"),
            caption="../report/captions/curation.rst",
            category="Model",
            labels={"case": "{case}", "table": "curation"},
        ),
    log:
        **logs("curate"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/curate.tsv"
    conda:
        "../../envs/model.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        case=lambda wildcards: {
            key: value
            for key, value in case_of(wildcards).items()
            if key not in ("layers", *BESIDE_LAYERS, "formulations")
        }
        | {"name": wildcards.case},
        content=lambda wildcards: [
            *content_of(
                model_file(wildcards),
                heterologous_file(wildcards),
                targets_table(wildcards),
            ),
            *layer_contents(wildcards.case, adding_layers(wildcards.case)),
        ],
        layers=lambda wildcards: layers_of(
            wildcards.case, adding_layers(wildcards.case)
        ),
        cache=CONFIG["model_cache"],
        code=lambda wildcards: code_of(
            "curate", *modules_of(adding_layers(wildcards.case), "strain")
        ),
    script:
        "../../scripts/curate.py"


rule gpr:
    """Turn each gene-protein-reaction rule into its minimal gene cut sets."""
    input:
        model=of_case("model.json"),
    output:
        of_case("gpr.tsv"),
    log:
        **logs("gpr"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/gpr.tsv"
    conda:
        "../../envs/solve.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        code=code_of("gpr"),
    script:
        "../../scripts/gpr.py"


for LAYER in filter(lambda layer: layer.table, LAYERS.values()):

    rule:
        # The table of a layer: what it makes of a case's model.
        name:
            LAYER.key
        input:
            model=of_case("model.json"),
            layers=lambda wildcards, layer=LAYER: layer_files(
                wildcards.case, [layer], with_tables=False
            ),
        output:
            of_case(f"{LAYER.key}.tsv"),
        log:
            **logs(LAYER.key),
        benchmark:
            f"{RESULTS}/benchmarks/{{case}}/{LAYER.key}.tsv"
        conda:
            f"../../envs/{LAYER.environment}.yaml"
        threads: 1
        resources:
            mem_mb=LAYER.memory_mb,
            runtime=30,
        params:
            layers=lambda wildcards, layer=LAYER: layers_of(wildcards.case, [layer]),
            content=lambda wildcards, layer=LAYER: layer_contents(
                wildcards.case, [layer]
            ),
            cache=CONFIG["model_cache"],
            code=code_of("layer", LAYER.table),
        script:
            "../../scripts/layer.py"


rule problem:
    """Mark blocked and essential targets, merge coupled reactions, write the follower as arrays."""
    input:
        model=of_case("model.json"),
        gpr=of_case("gpr.tsv"),
        table=targets_table,
        layers=lambda wildcards: layer_files(wildcards.case),
    output:
        targets=of_case("targets.tsv"),
        problem=of_case("problem.npz"),
    log:
        **logs("problem"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/problem.tsv"
    conda:
        "../../envs/solve.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        product=lambda wildcards: asked_in(case_of(wildcards)),
        min_growth=lambda wildcards: case_of(wildcards)["min_growth"],
        cell_objective=lambda wildcards: case_of(wildcards)["cell_objective"],
        targets=lambda wildcards: case_of(wildcards)["targets"],
        layers=lambda wildcards: layers_of(wildcards.case),
        content=lambda wildcards: [
            *content_of(targets_table(wildcards)),
            *layer_contents(wildcards.case),
        ],
        code=with_layers("problem", "follower"),
    script:
        "../../scripts/problem.py"
