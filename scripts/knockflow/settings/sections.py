"""What to add where a configuration, such as a snippet that was pasted, lacks one of its two sections."""

from collections.abc import Iterable, Mapping

from knockflow.base.errors import nearest
from knockflow.formulations.registry import FORMULATIONS

SECTIONS = ("cases", "formulations")

_EXAMPLES = {
    "cases": "cases: {succinate: {model: cobra:textbook, product: EX_succ_e}}",
    "formulations": "formulations: {robustknock: {kind: robustknock}}",
}


def what_to_add(section: str, config: Mapping) -> str:
    """A section that is missing, written out; formulations under the names that the cases ask for."""
    wanted = list(_wanted(config)) if section == "formulations" else []
    if wanted:
        return f"add `formulations: {{{', '.join(map(_entry, wanted))}}}`"
    kinds = f"; kinds are {', '.join(FORMULATIONS)}" if section == "formulations" else ""
    return f"add for instance `{_EXAMPLES[section]}`{kinds}"


def line_of(name: str) -> str:
    """A formulation of a name, written out."""
    return f"`{_entry(name)}`"


def _entry(name: str) -> str:
    kind = next(iter(nearest(name, FORMULATIONS)), "robustknock")
    return f"{name}: {{kind: {kind}}}"


def _wanted(config: Mapping) -> Iterable[str]:
    """Names of formulations that cases limit themselves to, each once."""
    cases = config.get("cases")
    cases = cases.values() if isinstance(cases, Mapping) else ()
    asked = [case.get("formulations") for case in cases if isinstance(case, Mapping)]
    names = [name for names in asked if isinstance(names, list) for name in names if isinstance(name, str)]
    return dict.fromkeys(names)
