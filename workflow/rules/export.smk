"""Designs in the forms that other tools and the bench use."""


rule export:
    """Write each formulation's best strain as SBML, and all designs for other tools and for the bench."""
    input:
        model=of_case("model.json"),
        designs=rules.validate.input.designs,
        records=rules.validate.input.records,
        validation=rules.validate.output.table,
        layers=rules.problem.input.layers,
    output:
        directory(of_case("strains")),
    log:
        **logs("export"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/export.tsv"
    conda:
        "../../envs/model.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=60,
    params:
        case="{case}",
        formulations=lambda wildcards: formulations_of(wildcards.case),
        cell_objective=rules.problem.params.cell_objective,
        layers=rules.problem.params.layers,
        code=with_layers("export", "strain"),
    script:
        "../../scripts/export.py"
