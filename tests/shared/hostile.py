"""A small model in every format, its tables, and what may stand in a file that is wrong or that means harm."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cobra
from cobra.io import save_json_model, save_matlab_model, save_yaml_model, write_sbml_model

CANARY = "knockflow_was_here"
"""What code in data would make."""

TEXTS = (
    "",
    " ",
    "<script>alert(1)</script>",
    '"it\'s" & `so`',
    "two\nlines",
    "tab\there",
    "\u202egnol\u2066",
    "a\x00b",
    "\ud7ff\U0001f9ec",
    "x" * 3000,
    "../../outside",
    "/etc/passwd",
    f"$(touch {CANARY})",
    f"`touch {CANARY}`",
    f"__import__('os').system('touch {CANARY}')",
    f"{{{{ ''.__class__.__mro__ }}}}; touch {CANARY}",
    "=1+1",
    "007",
    "nan",
    "1e400",
    "EX_p_e ",
    "ex_p_e",
    "EX_pe",
    "FAST or (SLOW",
    "-FAST",
    "FAST>=5",
    "not",
)
NUMBERS = (0, 1, -1, 0.5, 1e-6, 1e-12, 1e6, 1e15, 1e308, -1e308, float("inf"), float("nan"), 10**40, 2**63)
ODD = (None, True, False, [], {}, [[]], [None], {"": None}, {1: 2}, [1, "a", {}])

IDS = ("EX_s_e", "EX_p_e", "EX_w_e", "FAST", "SLOW", "WASTE", "PT", "BIOMASS", "g_fast", "g_slow", "s_e", "p_e")
"""What the model has."""

WRITERS = {
    "json": lambda model, path: save_json_model(model, path),
    "yml": lambda model, path: save_yaml_model(model, path),
    "xml": lambda model, path: write_sbml_model(model, str(path)),
    "mat": lambda model, path: save_matlab_model(model, str(path)),
}

CASE = {"product": "EX_p_e", "medium": {"EX_s_e": 10}, "min_growth": 0.1}

SPARE = None
TABLES = {
    "interventions.tsv": "intervention\tcost\n-FAST\t1\n-WASTE\t2\nSLOW>=1\t1.5\n",
    "kcats.tsv": "reaction\tdirection\tkcat_per_s\tsource\nFAST\tboth\t100\there\nSLOW\tforward\t50\there\n",
    "masses.tsv": "gene\tmw_kda\tsource\ng_fast\t40\there\ng_slow\t60\there\n",
    "rules.tsv": "gene\tname\tkind\trule\tsource\tnote\ng_fast\tf\tgene\tnot s_e > 5\there\t\n",
    "more.tsv": (
        "reaction\tname\tequation\tlower_mmol_per_gdw_h\tupper_mmol_per_gdw_h\trule\n"
        "NEW\tnew\tx_c -> p_c\t0\t10\tg_new\n"
    ),
}
"""Tables that a case of the model may name."""

KEYS_OF_TABLES = {
    "interventions.tsv": {"targets": {"table": "interventions.tsv"}},
    "kcats.tsv": {"layers": {"enzymes": {"kcats": "kcats.tsv", "masses": "masses.tsv", "budget": 0.1}}},
    "masses.tsv": {"layers": {"enzymes": {"kcats": "kcats.tsv", "masses": "masses.tsv", "budget": 0.1}}},
    "rules.tsv": {"layers": {"regulation": {"table": "rules.tsv"}}},
    "more.tsv": {"heterologous": {"file": "more.tsv"}},
}


def small_model() -> cobra.Model:
    """Substrate becomes biomass by a fast way without product, or by a slower one that makes some."""
    model = cobra.Model("small")
    names = {"s": "substrate", "x": "precursor", "p": "product", "w": "waste"}
    inside = {key: cobra.Metabolite(f"{key}_c", "C", name, 0, "c") for key, name in names.items()}
    outside = {key: cobra.Metabolite(f"{key}_e", "C", names[key], 0, "e") for key in "spw"}
    equations = {
        "EX_s_e": ({outside["s"]: -1}, -10, 1000, ""),
        "ST": ({outside["s"]: -1, inside["s"]: 1}, 0, 1000, ""),
        "FAST": ({inside["s"]: -1, inside["x"]: 1}, 0, 1000, "g_fast"),
        "SLOW": ({inside["s"]: -1, inside["x"]: 0.5, inside["p"]: 0.5}, 0, 1000, "g_slow or g_other"),
        "WASTE": ({inside["p"]: -1, inside["w"]: 1}, 0, 1000, "g_waste"),
        "WT": ({inside["w"]: -1, outside["w"]: 1}, 0, 1000, ""),
        "EX_w_e": ({outside["w"]: -1}, 0, 1000, ""),
        "PT": ({inside["p"]: -1, outside["p"]: 1}, 0, 1000, ""),
        "EX_p_e": ({outside["p"]: -1}, 0, 1000, ""),
        "BIOMASS": ({inside["x"]: -1}, 0, 1000, ""),
    }
    for name, (metabolites, lower, upper, rule) in equations.items():
        reaction = cobra.Reaction(name, name.title(), "small", lower, upper)
        reaction.add_metabolites(metabolites)
        model.add_reactions([reaction])
        reaction.gene_reaction_rule = rule
    model.objective = "BIOMASS"
    return model


def write_all(folder: Path) -> None:
    """The model in every format, and the tables."""
    for ending, write in WRITERS.items():
        write(small_model(), folder / f"small.{ending}")
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")


HARMFUL = {"os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "pickle.find_class", "socket.connect"}


class Harm(BaseException):
    """Something that data may not do; no reader can take it for a fault of the file."""


_WATCHED: list[Path] = []


def _audit(event: str, arguments: tuple) -> None:
    if not _WATCHED:
        return
    solver = event == "subprocess.Popen" and Path(str(arguments[0])).name == "cbc"
    # The database of energies keeps arrays so.
    array = event == "pickle.find_class" and str(arguments[0]).partition(".")[0] == "numpy"
    if event in HARMFUL and not (solver or array):
        raise Harm(f"{event} {arguments}")
    if event == "open" and isinstance(arguments[0], str) and isinstance(arguments[1], str):
        writes = set(arguments[1]) & set("wax+")
        place = Path(arguments[0]).resolve()
        if writes and _WATCHED[0] not in (place, *place.parents):
            raise Harm(f"open {arguments}")


_HOOKED: list[bool] = []


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """Within it nothing may start a program, unpickle, ask the network, or write outside a folder."""
    if not _HOOKED:
        sys.addaudithook(_audit)
        _HOOKED.append(True)
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    _WATCHED.append(folder.resolve())
    try:
        yield
    finally:
        _WATCHED.clear()
        tempfile.tempdir = before
