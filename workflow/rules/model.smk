"""From the model as published to the follower that is solved."""


rule read:
    """Read and curate a model for all cases that ask the same of it but the product."""
    input:
        model=lambda wildcards: files_of_model(wildcards.shared)["model"],
        heterologous=lambda wildcards: files_of_model(wildcards.shared)["heterologous"],
        table=lambda wildcards: files_of_model(wildcards.shared)["table"],
        layers=lambda wildcards: files_of_model(wildcards.shared)["layers"],
    output:
        model=f"{RESULTS}/shared/{{shared}}/model.json",
        common=f"{RESULTS}/shared/{{shared}}/curation.json",
        gpr=f"{RESULTS}/shared/{{shared}}/gpr.tsv",
    log:
        **logs("read", path="shared/{shared}/"),
    benchmark:
        f"{RESULTS}/benchmarks/shared/{{shared}}/read.tsv"
    conda:
        "../../envs/model.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        case=lambda wildcards: ASKED_OF_MODELS[wildcards.shared]["case"] | {"name": ""},
        whole=lambda wildcards: ASKED_OF_MODELS[wildcards.shared]["whole"],
        content=lambda wildcards: content_of_model(wildcards.shared),
        layers=lambda wildcards: ASKED_OF_MODELS[wildcards.shared]["layers"],
        cache=CONFIG["model_cache"],
        code=lambda wildcards: code_of(
            "read", *modules_of(adding_layers(asking(wildcards.shared)), "strain")
        ),
    script:
        "../../scripts/read.py"


rule curate:
    """Check and mend a case's model, apply the medium; list every change and finding, and gene cut sets."""
    input:
        shared_model=lambda wildcards: shared(wildcards.case, "model.json"),
        common=lambda wildcards: shared(wildcards.case, "curation.json"),
        shared_gpr=lambda wildcards: shared(wildcards.case, "gpr.tsv"),
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
        gpr=of_case("gpr.tsv"),
    log:
        **logs("curate"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/curate.tsv"
    conda:
        "../../envs/model.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=30,
    params:
        case=lambda wildcards: asked_of_model(wildcards.case) | {"name": wildcards.case},
        content=lambda wildcards: content_of_model(model_of(wildcards.case)),
        layers=lambda wildcards: layers_of(
            wildcards.case, adding_layers(wildcards.case)
        ),
        cache=CONFIG["model_cache"],
        code=lambda wildcards: code_of(
            "curate", *modules_of(adding_layers(wildcards.case), "strain")
        ),
    script:
        "../../scripts/curate.py"


rule essential_genes:
    """Find the genes of a case's model that a published screen has found to be essential."""
    input:
        model=of_case("model.json"),
        table=essential_genes_table,
    output:
        of_case("essential_genes.tsv"),
    log:
        **logs("essential_genes"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/essential_genes.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=10,
    params:
        asked=lambda wildcards: {
            key: value
            for key, value in case_of(wildcards)["essential_genes"].items()
            if key != "table"
        },
        content=lambda wildcards: content_of(essential_genes_table(wildcards)),
        code=code_of("essential_genes"),
    script:
        "../../scripts/essential_genes.py"


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
            mem_mb=memory(LAYER.memory_mb),
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
        mem_mb=memory(2000),
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
