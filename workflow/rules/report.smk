"""What is read by people: the summary, the report, and the verdict."""


rule summary:
    """Join the designs of all cases and formulations with their validation."""
    input:
        designs=for_each_design_problem("designs.tsv"),
        records=for_each_design_problem("record.json"),
        validations=expand(of_case("validation.tsv"), case=CASES),
        curations=expand(of_case("curation.tsv"), case=CASES),
    output:
        f"{RESULTS}/summary.tsv",
    log:
        **logs("summary", path=""),
    benchmark:
        f"{RESULTS}/benchmarks/summary.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        results=lambda wildcards, output: str(Path(output[0]).parent),
        formulations={case: formulations_of(case) for case in CASES},
        code=code_of("summary"),
    script:
        "../../scripts/summary.py"


rule report:
    """Write one self-contained page: what was asked, what is promised, what is guaranteed, and why to believe it."""
    input:
        summary=rules.summary.output[0],
        designs=rules.summary.input.designs,
        records=rules.summary.input.records,
        validations=rules.summary.input.validations,
        envelopes=expand(of_case("envelope.tsv"), case=CASES),
        models=expand(of_case("model.json"), case=CASES),
        curations=expand(of_case("curation.tsv"), case=CASES),
        genes=expand(of_case("gpr.tsv"), case=CASES),
        targets=expand(of_case("targets.tsv"), case=CASES),
        layers=layer_tables(),
        of_designs=tables_of_designs(),
        template=workflow.source_path("../report/report.html.j2"),
    output:
        page=f"{RESULTS}/report.html",
        answer=f"{RESULTS}/answer.txt",
    log:
        **logs("report", path=""),
    benchmark:
        f"{RESULTS}/benchmarks/report.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        results=lambda wildcards, output: str(Path(output[0]).parent),
        config=CONFIG,
        formulations={case: formulations_of(case) for case in CASES},
        code=code_of("report", *modules_of(LAYERS_IN_USE, "report")),
    script:
        "../../scripts/report.py"


rule check:
    """Fail if a design was not verified; the last rule, so that summary and report stay to be read."""
    input:
        summary=rules.summary.output[0],
        report=rules.report.output.page,
        fronts=tables_of_fronts(),
        strains=expand(of_case("strains"), case=CASES),
        certificates=expand(of_case("certificates"), case=CASES),
    output:
        f"{RESULTS}/check.txt",
    log:
        **logs("check", path=""),
    benchmark:
        f"{RESULTS}/benchmarks/check.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        code=code_of("check"),
    script:
        "../../scripts/check.py"
