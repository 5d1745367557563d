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
        code=with_layers("certificates", "strain", "evidence"),
    script:
        "../../scripts/certificates.py"


rule proof:
    """Write what plain arithmetic needs to prove that no design is better than the best one listed."""
    input:
        model=of_case("model.json"),
        targets=of_case("targets.tsv"),
        designs=rules.design.output.designs,
        record=rules.design.output.record,
        layers=rules.problem.input.layers,
    output:
        of_case("proof/{formulation}.json.gz"),
    log:
        **logs("proof", path="{case}/{formulation}/"),
    benchmark:
        f"{RESULTS}/benchmarks/{{case}}/{{formulation}}/proof.tsv"
    conda:
        "../../envs/model.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=24 * 60,
    params:
        product=rules.problem.params.product,
        min_growth=rules.problem.params.min_growth,
        cell_objective=rules.problem.params.cell_objective,
        targets=rules.problem.params.targets,
        layers=rules.problem.params.layers,
        code=with_layers("proof", "strain"),
    script:
        "../../scripts/proof.py"
