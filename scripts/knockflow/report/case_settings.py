"""What each case was asked, and what all cases were asked alike, so that the page says it once."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from knockflow.language.products import asked_in, how_rated
from knockflow.report.content import Content, ReportedCase
from knockflow.report.words import TARGET_KINDS, UNIT

Setting = tuple[str, Markup]
"""What was asked for, in words, and with what; both may stand in the page as they are."""


def settings(case: ReportedCase) -> list[Setting]:
    """All that a case asks, in the order of the page."""
    options = case.options
    found = [
        ("Model", _model(case)),
        ("Medium", _medium(case)),
        ("Product", _product(case)),
        ("Substrate of yields", _substrate(case)),
    ]
    if options["cell_objective"]:
        found.append(("The cell maximizes", _objective(case)))
    found.append(("Least growth (min_growth)", Markup("{:g} 1/h").format(options["min_growth"])))
    if options["heterologous"]:
        found.append(("Heterologous reactions", _heterologous(case)))
    found += [
        (f"Targets, {options['targets']['level']}", _targets(case)),
        ("Formulations", escape(", ".join(answer.name for answer in case.answers))),
        ("Layers", _layers(case)),
    ]
    return found


def shared(content: Content) -> list[Setting]:
    """The settings that are the same in all of several cases."""
    if len(content.cases) < 2:
        return []
    first, *others = [settings(case) for case in content.cases]
    return [setting for setting in first if all(setting in other for other in others)]


def own(case: ReportedCase, content: Content) -> list[Setting]:
    """The settings of a case that other cases do not share."""
    known = shared(content)
    return [setting for setting in settings(case) if setting not in known]


def _model(case: ReportedCase) -> Markup:
    source = case.findings["source"]
    size, constraints = source["size"], source["constraints"]
    own = f"; {constraints} of its own beside the steady state, which every design keeps to" if constraints else ""
    return Markup("<code>{}</code>{}{}").format(case.options["model"], f", {size}" if size else "", own)


def _medium(case: ReportedCase) -> Markup:
    uptakes = [
        Markup("<code>{}</code> at most {:g}").format(name, most) for name, most in case.options["medium"].items()
    ]
    if not uptakes:
        return Markup("the model's own")
    return Markup("{} {}; other exchanges keep the model's bounds").format(_joined(uptakes), UNIT)


def _product(case: ReportedCase) -> Markup:
    if not case.product:
        return Markup("none")
    told = Markup("<code>{}</code> ({})").format(case.product, case.model.product_name)
    return told + Markup("; {}").format(how_rated(asked_in(case.options))) if case.options["products"] else told


def _substrate(case: ReportedCase) -> Markup:
    substrate = case.model.substrate
    if not substrate:
        return Markup("none: no yields")
    how = "" if case.options["substrate"] else ", chosen as the largest uptake of an organic compound"
    return Markup("<code>{}</code>{}").format(substrate, how)


def _objective(case: ReportedCase) -> Markup:
    terms = sorted(case.options["cell_objective"].items())
    return _joined([Markup("{:g} · <code>{}</code>").format(weight, name) for name, weight in terms], " + ")


def _heterologous(case: ReportedCase) -> Markup:
    given = case.options["heterologous"]
    which = ", ".join(given["reactions"]) + " of" if given["reactions"] else "all of"
    return Markup("{} <code>{}</code>").format(which, given["file"])


def _targets(case: ReportedCase) -> Markup:
    counts, level = case.targets["counts"], case.options["targets"]["level"]
    forced = f"{counts['forced']} in every design, " if "forced" in counts else ""
    text = (
        f"{counts['candidate']} candidates, {forced}{counts['essential']} essential, {counts['blocked']} blocked, "
        f"{counts['excluded']} excluded"
    )
    if case.targets["excluded"]:
        text += f" ({'; '.join(f'{count}: {why}' for why, count in case.targets['excluded'])})"
    alike = "genes of the same effect" if level == "genes" else "coupled reactions"
    text += f"; {alike} count as one"
    if case.targets["kinds"]:
        more = ", ".join(f"{count} {TARGET_KINDS[kind]}" for kind, count in case.targets["kinds"])
        text += f"; candidates beyond knock-outs: {more}"
    return escape(text + lost_rules(case))


def lost_rules(case: ReportedCase) -> str:
    """How many gene rules could not be read, and what that means, if there are any."""
    lost = case.findings["lost_rules"]
    if not lost:
        return ""
    rules = "1 gene rule" if len(lost) == 1 else f"{len(lost)} gene rules"
    named = ", ".join(lost[:10]) + (f" and {len(lost) - 10} more" if len(lost) > 10 else "")
    return (
        f"; {rules} of the model could not be read ({named}): no deletion of genes closes these reactions here, though "
        "one may in the cell"
    )


def _layers(case: ReportedCase) -> Markup:
    lines = [Markup("{}: {}").format(key, told.line) for key, told in case.layers.items()]
    return _joined(lines, "; ") or Markup("none: stoichiometry and bounds only")


def _joined(parts: Iterable[Markup] | Sequence[Markup], between: str = ", ") -> Markup:
    return Markup(between).join(parts)
