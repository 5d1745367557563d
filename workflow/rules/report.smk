"""What is read by people: the summary, the report, and the verdict."""


rule summary:
    """Join the designs of all cases and formulations with their validation."""
    input:
        designs=for_each_design_problem("designs.tsv"),
        records=for_each_design_problem("record.json"),
        validations=expand(of_case("validation.tsv"), case=CASES),
        curations=expand(of_case("curation.tsv"), case=CASES),
        models=expand(of_case("model.json"), case=CASES),
        problems=expand(of_case("problem.npz"), case=CASES),
        targets=expand(of_case("targets.tsv"), case=CASES),
    output:
        table=report(
            f"{RESULTS}/summary.tsv",
            caption="../report/captions/summary.rst",
            category="Answer",
            labels={"what": "summary"},
        ),
        diagnosis=f"{RESULTS}/diagnosis.json",
    log:
        **logs("summary", path=""),
    benchmark:
        f"{RESULTS}/benchmarks/summary.tsv"
    conda:
        "../../envs/model.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=60,
    params:
        results=lambda wildcards, output: str(Path(output[0]).parent),
        formulations={case: formulations_of(case) for case in CASES},
        cases={case: asked_of(case) for case in CASES},
        options=CONFIG["formulations"],
        code=code_of("summary", *DIAGNOSTIC),
    script:
        "../../scripts/summary.py"


rule screen:
    """Compare the products of screens: one line for each product and formulation."""
    input:
        summary=rules.summary.output.table,
        records=rules.summary.input.records,
        models=rules.summary.input.models,
    output:
        report(
            f"{RESULTS}/screen.tsv",
            caption="../report/captions/screen.rst",
            category="Answer",
            labels={"what": "screen"},
        ),
    log:
        **logs("screen", path=""),
    benchmark:
        f"{RESULTS}/benchmarks/screen.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        results=lambda wildcards, output: str(Path(output[0]).parent),
        screens=CONFIG.get("screens", {}),
        code=code_of("screen"),
    script:
        "../../scripts/screen.py"


rule report:
    """Write one self-contained page: what was asked, what is promised, what is guaranteed, and why to believe it."""
    input:
        summary=rules.summary.output.table,
        diagnosis=rules.summary.output.diagnosis,
        designs=rules.summary.input.designs,
        records=rules.summary.input.records,
        validations=rules.summary.input.validations,
        envelopes=expand(of_case("envelope.tsv"), case=CASES),
        fluxes=expand(of_case("fluxes.tsv"), case=CASES),
        predictions=expand(of_case("predictions.tsv"), case=CASES),
        certificates=expand(of_case("certificates"), case=CASES),
        models=expand(of_case("model.json"), case=CASES),
        curations=expand(of_case("curation.tsv"), case=CASES),
        genes=expand(of_case("gpr.tsv"), case=CASES),
        targets=expand(of_case("targets.tsv"), case=CASES),
        layers=layer_tables(),
        of_designs=tables_of_designs(),
        of_products=tables_of_products(),
        essential=tables_of_essential_genes(),
        screens=table_of_screens(),
    output:
        page=report(
            f"{RESULTS}/report.html",
            caption="../report/captions/report.rst",
            category="Answer",
            labels={"what": "report"},
        ),
        answer=f"{RESULTS}/answer.txt",
    log:
        **logs("report", path=""),
    benchmark:
        f"{RESULTS}/benchmarks/report.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=10,
    params:
        results=lambda wildcards, output: str(Path(output[0]).parent),
        config=CONFIG,
        formulations={case: formulations_of(case) for case in CASES},
        # Where it is, is not compared with the last run, since it is no text; what it says is part of the code.
        template=Path(workflow.source_path("../report/report.html.j2")),
        code=code_of("report", *modules_of(LAYERS_IN_USE, "report")),
    script:
        "../../scripts/report.py"


rule check:
    """Fail if a design was not verified or a proof found a better one; the last rule, so that all stays to be read."""
    input:
        made=every_output(),
        summary=rules.summary.output.table,
        proofs=proofs(),
    output:
        verdict=f"{RESULTS}/check.txt",
        provenance=f"{RESULTS}/provenance.json",
    log:
        **logs("check", path=""),
    benchmark:
        f"{RESULTS}/benchmarks/check.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=10,
    params:
        results=lambda wildcards, output: str(Path(output[0]).parent),
        config=CONFIG,
        # Where sources are is not compared with the last run, since it is no plain data.
        sources=SimpleNamespace(paths=SOURCES),
        code=code_of("check"),
    script:
        "../../scripts/check.py"


rule archive:
    """Write one zip of all of a run, as a Workflow Run RO-Crate; only on demand, after all else."""
    input:
        provenance=rules.check.output.provenance,
    output:
        f"{RESULTS}.crate.zip",
    log:
        **logs("archive", path=""),
    benchmark:
        f"{RESULTS}/benchmarks/archive.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=30,
    params:
        results=lambda wildcards, input: str(Path(input[0]).parent),
        cases=CASES,
        named=lambda wildcards: [
            (f"cases.{case}.{key}", source)
            for case in CASES
            for key, source in named_files(CONFIG["cases"][case])
        ],
        overridden=sorted(workflow.config_settings.config),
        # Where things are is not compared with the last run, since it is no plain data.
        places=SimpleNamespace(root=ROOT, configurations=GIVEN_FILES, sources=SOURCES),
        code=code_of("archive"),
    script:
        "../../scripts/archive.py"
