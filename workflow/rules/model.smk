"""From the model as published to the follower that is solved."""


rule curate:
    """Read a case's model, check and mend it, apply the medium; list every change and finding."""
    input:
        model=model_file,
        heterologous=heterologous_file,
        table=targets_table,
        regulation=regulation_table,
    output:
        model=of_case("model.json"),
        table=of_case("curation.tsv"),
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
            if key not in ("layers", "conditions", "formulations")
        }
        | {
            "name": wildcards.case,
            "model": model_source(wildcards.case),
            "heterologous": heterologous_of(wildcards.case),
            "targets": targets_of(wildcards.case),
        },
        regulation=lambda wildcards: regulation_of(wildcards.case),
        cache=CONFIG["model_cache"],
        code=code_of("curate"),
    script:
        "../../scripts/curate.py"


rule thermodynamics:
    """Estimate every reaction's energy range and direction with component contributions, for a case that asks."""
    input:
        model=of_case("model.json"),
    output:
        of_case("thermodynamics.tsv"),
    log:
        **logs("thermodynamics"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/thermodynamics.tsv"
    conda:
        "../../envs/thermodynamics.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime=30,
    params:
        conditions=lambda wildcards: case_of(wildcards)["conditions"],
        name="{case}",
        code=code_of("thermodynamics"),
    script:
        "../../scripts/thermodynamics.py"


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


rule regulation:
    """Find out what the symbols of a table of rules are in the model, and which rules matter there."""
    input:
        model=of_case("model.json"),
        table=regulation_table,
    output:
        of_case("regulation.tsv"),
    log:
        **logs("regulation"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/regulation.tsv"
    conda:
        "../../envs/solve.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=15,
    params:
        regulation=lambda wildcards: regulation_of(wildcards.case),
        code=code_of("regulation"),
    script:
        "../../scripts/regulation.py"


rule problem:
    """Mark blocked and essential targets, merge coupled reactions, write the follower as arrays."""
    input:
        model=of_case("model.json"),
        gpr=of_case("gpr.tsv"),
        thermodynamics=lambda wildcards: (
            of_case("thermodynamics.tsv").format(case=wildcards.case)
            if thermodynamic(wildcards.case)
            else []
        ),
        table=targets_table,
        regulation=regulation_table,
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
        product=lambda wildcards: case_of(wildcards)["product"],
        min_growth=lambda wildcards: case_of(wildcards)["min_growth"],
        cell_objective=lambda wildcards: case_of(wildcards)["cell_objective"],
        targets=lambda wildcards: targets_of(wildcards.case),
        regulation=lambda wildcards: regulation_of(wildcards.case),
        code=code_of("problem"),
    script:
        "../../scripts/problem.py"
