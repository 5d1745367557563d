"""What a layer is: its key, what a case may say of it, and the modules that do it."""

from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from knockflow.language.kinds import FollowerKind


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer as the registry has it. Modules are named, and imported only where they are used.

    Attributes
    ----------
    key
        Its key in a case's `layers`, and the name of its table: `KEY.tsv`.
    title
        What it adds, in a few words.
    sources
        DOIs of the papers that a user of it cites; `knockflow.report.literature` has them in full.
    schema
        JSON schema of what stands under `layers.KEY`; null, the default, leaves it out. Each key has a `description`,
        which names the unit of a number.
    case_keys
        Further keys of a case that only this layer reads, with their schemas.
    short
        Options that a word in place of a mapping stands for, by word.
    kind
        What it makes of a linear follower.
    kinds
        The same by the option `mode`, where it depends on that.
    why_kind
        Why it does, before "make the cell ...": "rules of genes".
    several
        Whether options make several followers of one, such as one for each scenario; None where none do.
    judged
        By what designs are judged then with some options: `worst`, `mean` or `quantile`; None where it is the worst.
    not_several
        Why it does not hold for several followers, after its key; empty where it does.
    varies
        Quantities of it that followers of one case may have otherwise, each by itself (`InFollower.vary`).
    asks
        Which quantities of other layers options let vary; None where none do.
    parts
        Whether options set several copies of the cell side by side in one follower; None where none do.
    only_takes_away
        Whether less of the network never gives the cell states that it did not have; not so where removing a
        gene switches another one on.
    checks
        Module with `problems(options, case) -> Iterator[str]`: what is wrong with a case that has the layer, before any
        job; each line begins with a key of the case. It imports little.
    files
        Keys of its options that name files, relative to the configuration file.
    own_files
        The library's own file that a word stands for in place of a path, below `scripts/knockflow`, by word.
    follower
        Module with `of(given) -> InFollower` (`knockflow.layers.in_follower`).
    strain
        Module with `rebuild(model, given)`, which adds the layer to a curated COBRApy model; it imports nothing of the
        search, nor of `follower`. With `adds_to_model` also `add(model, given) -> list[Finding]`, which adds to a model
        before it is curated.
    evidence
        Module with `of(in_strain) -> Evidence` (`knockflow.layers.in_strain`), what proves by plain arithmetic what the
        layer leaves to fluxes; None where it leaves nothing to them, or nothing proves it.
    table
        Module with `TABLE` (`knockflow.base.tables`), whose file is `KEY.tsv`, and `rows(path, given) -> list[dict]`,
        its content for the curated model in a model.json.
    from_table
        Whether `follower` and `strain` read the table: `Given.table`.
    example
        Keys of a case by which the core model has the layer; tests of all layers run it.
    loose
        Keys of a case by which it has the layer so loosely that nothing changes; None where there are no such.
    designs
        Module with `TABLE` and `rows(asked) -> list[dict]`, what it tells of each design once all are validated
        (`knockflow.layers.in_designs`), the content of `KEY_designs.tsv`; in the modes `designs_in` of its
        options, if these are named.
    plain_in
        The key of its options that asks for what the cell without layers recommends, to be told of there, too.
    report
        Module with what the report tells of it.
    without
        What a reader should know of a case that has not the layer, as a sentence; the report says it.
    environment, memory_mb
        Conda environment (a file of `envs`) and memory in which its table is made.
    """

    key: str
    title: str
    sources: tuple[str, ...] = ()
    schema: Mapping[str, object]
    case_keys: Mapping[str, Mapping] = field(default_factory=dict)
    short: Mapping[str, Mapping] = field(default_factory=dict)
    kind: FollowerKind = FollowerKind.LINEAR
    kinds: Mapping[str, FollowerKind] = field(default_factory=dict)
    why_kind: str = ""
    several: Callable[[object], bool] | None = None
    judged: Callable[[object], str] | None = None
    not_several: str = ""
    varies: tuple[str, ...] = ()
    asks: Callable[[object], Collection[str]] | None = None
    parts: Callable[[object], bool] | None = None
    only_takes_away: bool = True
    checks: str | None = None
    files: tuple[str, ...] = ()
    own_files: Mapping[str, str] = field(default_factory=dict)
    follower: str
    strain: str
    evidence: str | None = None
    adds_to_model: bool = False
    table: str | None = None
    from_table: bool = False
    example: Mapping[str, object]
    loose: Mapping[str, object] | None = None
    designs: str | None = None
    designs_in: tuple[str, ...] = ()
    plain_in: str = ""
    report: str | None = None
    without: str = ""
    environment: str = "solve"
    memory_mb: int = 500

    def asked(self, case: Mapping) -> bool:
        """Whether a case, with its defaults, has the layer."""
        return case["layers"].get(self.key) is not None

    def options(self, case: Mapping) -> object:
        """What stands under the layer's key, where a word stands for options these."""
        value = case["layers"].get(self.key)
        return deepcopy(self.short.get(value, value)) if isinstance(value, str) else value

    def kind_in(self, case: Mapping) -> FollowerKind:
        """What it makes of a case's linear follower."""
        return self.kind_with(self.options(case))

    def kind_with(self, options: object) -> FollowerKind:
        """What it makes of a linear follower with some options."""
        return self.kinds.get(options.get("mode"), self.kind) if isinstance(options, Mapping) else self.kind

    def tells_of_designs(self, case: Mapping) -> bool:
        """Whether it makes a table of a case's designs."""
        options = self.options(case)
        if self.designs is None or not isinstance(options, Mapping):
            return False
        return not self.designs_in or options.get("mode") in self.designs_in

    def asks_plain(self, case: Mapping) -> bool:
        """Whether it asks for the designs of the cell without layers."""
        return bool(self.plain_in) and self.tells_of_designs(case) and bool(self.options(case).get(self.plain_in))

    def several_in(self, case: Mapping) -> bool:
        """Whether it makes several followers of a case's one."""
        return self.asked(case) and self.several_with(self.options(case))

    def several_with(self, options: object) -> bool:
        """Whether some options make several followers of one."""
        return self.several is not None and self.several(options)

    def parts_in(self, case: Mapping) -> bool:
        """Whether it sets copies of a case's cell side by side."""
        return self.asked(case) and self.parts_with(self.options(case))

    def parts_with(self, options: object) -> bool:
        """Whether some options set copies of the cell side by side."""
        return self.parts is not None and self.parts(options)

    def judged_in(self, case: Mapping) -> str:
        """By what designs of a case are judged where it makes several followers."""
        return "worst" if self.judged is None else self.judged(self.options(case))

    def asks_in(self, case: Mapping) -> list[str]:
        """The quantities of other layers that it lets vary in a case, sorted."""
        return sorted(self.asks(self.options(case))) if self.asks is not None and self.asked(case) else []

    def beside(self, case: Mapping) -> dict:
        """The case's other keys that the layer reads."""
        return {key: case[key] for key in self.case_keys}

    def slots(self, options: object) -> list[str]:
        """The keys under which options name a file."""
        return [key for key in self.files if isinstance(options, Mapping) and options.get(key)]

    def modules(self) -> list[str]:
        """The modules that it names."""
        named = (self.checks, self.follower, self.strain, self.table, self.designs, self.report)
        return [*dict.fromkeys(name for name in named if name)]


@dataclass(frozen=True)
class Given:
    """What a case gives a layer.

    Attributes
    ----------
    options
        What stands under `layers.KEY`, with defaults; a word that stands for options is replaced by them.
    case
        The case's other keys that the layer reads, by `Layer.case_keys`.
    files
        The files that the options name, by key.
    table
        The layer's table, where it reads one.
    cache
        A folder for what all cases share, beside the models that are kept; None keeps nothing.
    """

    options: object
    case: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    table: Path | None = None
    cache: Path | None = None
