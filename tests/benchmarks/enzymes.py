"""Seconds of the processor for iML1515 with a budget of enzymes and without, by level of targets: docs/enzymes.md.

KNOCKFLOW_DATA=FOLDER PYTHONPATH=scripts .venv/bin/python tests/benchmarks/enzymes.py
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shared"))

from heckmann_tables import written

from knockflow import Case

MEDIUM = {"EX_glc__D_e": 10, "EX_o2_e": 0}


def measured(model: str, layers: dict, level: str, most: int = 2, growth: float = 0.05) -> list[str]:
    """Seconds of the problem, the search and the validation, nodes, and the best design."""
    start = process_time()
    targets = {"level": level}
    case = Case(model, "EX_succ_e", medium=MEDIUM, min_growth=growth, layers=layers, targets=targets)
    made = process_time()
    designs = case.design("robustknock", max_interventions=most, max_designs=3)
    found = process_time()
    designs.validate()
    times = [made - start, found - made, process_time() - found]
    return [*(f"{value:.1f}" for value in times), str(designs.record["nodes"]), ";".join(designs[0].interventions)]


def main() -> None:
    """A row for each case."""
    data = Path(os.environ["KNOCKFLOW_DATA"])
    print("level\tisozymes\tproblem_s\tsearch_s\tvalidation_s\tnodes\tbest")
    with TemporaryDirectory() as folder:
        tables = written(data, Path(folder))
        for level, isozymes in (("reactions", None), ("reactions", "cheapest"), ("genes", "separate")):
            layers = {"enzymes": tables | {"budget": 0.2, "isozymes": isozymes}} if isozymes else {}
            row = measured(f"{data}/models/iML1515.json.gz", layers, level)
            print("\t".join([level, isozymes or "no budget", *row]), flush=True)
        # Every second protein measured, at the same made-up 7 mg/gDW; one removal.
        genes = [line.split("\t")[0] for line in Path(tables["masses"]).read_text().splitlines()[1:]][::2]
        amounts = Path(folder) / "abundances.tsv"
        amounts.write_text("gene\tmg_per_gdw\n" + "".join(f"{gene}\t7\n" for gene in genes))
        caps = tables | {"budget": 6.3, "unmeasured_share": 0.2, "abundances": str(amounts)}
        for level in ("reactions", "genes"):
            row = measured(f"{data}/models/iML1515.json.gz", {"enzymes": caps}, level, 1, 0.02)
            print("\t".join([level, "cheapest, caps", *row]), flush=True)


if __name__ == "__main__":
    main()
