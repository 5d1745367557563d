"""What proves the designs without any solver."""


rule certificates:
    """Write for every design what plain arithmetic needs to prove its growth and product range, or its cut set."""
    input:
        model=of_case("model.json"),
        designs=rules.validate.input.designs,
        records=rules.validate.input.records,
        layers=rules.problem.input.layers,
    output:
        directory(of_case("certificates")),
    log:
        **logs("certificates"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/certificates.tsv"
    conda:
        "../../envs/model.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=60,
    params:
        formulations=lambda wildcards: formulations_of(wildcards.case),
        product=rules.problem.params.product,
        min_growth=rules.problem.params.min_growth,
        cell_objective=rules.problem.params.cell_objective,
        layers=rules.problem.params.layers,
        code=with_layers("certificates", "strain"),
    script:
        "../../scripts/certificates.py"
