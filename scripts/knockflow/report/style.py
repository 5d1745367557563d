"""Colours and rules of the charts' style sheet, for the report's page and for a chart that stands by itself."""

import re

LIGHT = """\
--paper: #fcfcfa; --raised: #f3f3ee; --ink: #1c2024; --soft: #59616a; --rule: #d9dad4; --link: #0b5a94;
--good: #1c6b3f; --warn: #8a5200; --bad: #a61b1b; --bad-paper: #fdeaea; --goal: #eaf2f9;
--promised: #bfe0f5; --promised-edge: #2f86bd; --guaranteed: #0072b2; --floor: #d55e00;
--s0: #7b8086; --s1: #0072b2; --s2: #d55e00; --s3: #00805c; --s4: #a8447f; --s5: #8a6d00;"""
DARK = """\
--paper: #16191c; --raised: #1f2428; --ink: #e4e6e8; --soft: #a3abb3; --rule: #363c42; --link: #7cbdf0;
--good: #74cf9b; --warn: #eab464; --bad: #ff8f8f; --bad-paper: #3a1d1f; --goal: #1c2c3a;
--promised: #234a63; --promised-edge: #7cc0ec; --guaranteed: #4ba3dd; --floor: #ff9b4a;
--s0: #9aa1a8; --s1: #56b4e9; --s2: #ff9248; --s3: #2fc298; --s4: #e28fc0; --s5: #e5cf55;"""
"""Colours of the page and its charts, by name."""

STYLES = 6
"""Styles of series, `s0` to `s5`."""

RULES = """\
.chart { display: block; width: 100%; height: auto; font-family: inherit; }
.chart text { font-size: 12px; fill: var(--ink); }
.chart .tick, .chart .note { fill: var(--soft); font-size: 11.5px; }
.chart .name { font-weight: 600; }
.chart .alarm { fill: var(--bad); font-weight: 700; }
.chart .value { font-variant-numeric: tabular-nums; }
.grid { stroke: var(--rule); stroke-width: 1; }
.axis { stroke: var(--ink); stroke-width: 1; }
.threshold { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; }
.promised { fill: var(--promised); stroke: var(--promised-edge); stroke-width: 1; }
.guaranteed { fill: var(--guaranteed); stroke: var(--guaranteed); stroke-width: 1; }
.floor { fill: var(--floor); stroke: var(--paper); stroke-width: 1.5; }
.s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); }
.s3 { --c: var(--s3); } .s4 { --c: var(--s4); } .s5 { --c: var(--s5); }
.area { fill: var(--c); fill-opacity: 0.13; stroke: none; }
.edge { fill: none; stroke: var(--c); stroke-width: 2; }
.edge.s0 { stroke-width: 1.5; } .edge.s2 { stroke-dasharray: 7 3; } .edge.s3 { stroke-dasharray: 2 3; }
.edge.s4 { stroke-dasharray: 9 3 2 3; } .edge.s5 { stroke-dasharray: 4 4; }
.flux { fill: var(--guaranteed); fill-opacity: 0.55; stroke: none; }
.idle { stroke: var(--rule); stroke-width: 1.5; stroke-dasharray: 2 3; }
.cross { stroke: var(--bad); stroke-width: 2.5; }
.metabolite { fill: var(--paper); stroke: none; }
.mark { fill: var(--c); stroke: var(--paper); stroke-width: 1.5; }"""
"""How the parts of a chart look; `--c` is the colour of a series."""

_COLOUR = re.compile(r"--([\w-]+): (#\w+)")
_NAMED = re.compile(r"var\(--([\w-]+)\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def standalone(svg: str) -> str:
    """A chart with its light style inside and no names of colours, as viewers and editors of SVG need it."""
    colours = dict(_COLOUR.findall(LIGHT))
    rules = []
    for selectors, body in _RULE.findall(RULES):
        if "--c:" in body:
            continue
        selector = selectors.strip()
        if "var(--c)" in body:
            by_style = (body.replace("var(--c)", f"var(--s{number})") for number in range(STYLES))
            rules += [f"{selector}.s{number} {{{one}}}" for number, one in enumerate(by_style)]
        else:
            rules.append(f"{selector} {{{body}}}")
    rules.append(".chart { font-family: sans-serif; background: var(--paper); }")
    style = _NAMED.sub(lambda name: colours[name[1]], " ".join(rules))
    head, rest = svg.split(">", 1)
    return f"{head}><style>{style}</style>{rest}"
