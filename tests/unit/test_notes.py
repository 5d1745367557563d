"""Notes of model.json: what is written comes back from COBRApy and from the file, and every note is a declared one."""

import re
from pathlib import Path

import cobra
import pytest

from knockflow.base.files import read_json
from knockflow.model import notes
from knockflow.model.notes import (
    HOST_NOTE,
    KNOCK_IN_NOTE,
    NOTES,
    absent_genes,
    bounds_when_added,
    note,
    open_bounds,
    pathways,
    remove_notes,
    write_absent_genes,
    write_bounds_when_added,
    write_note,
    write_pathways,
)
from knockflow.model.read import write_model

LIBRARY = Path(notes.__file__).parents[1]


@pytest.fixture
def model():
    made = cobra.Model("m")
    made.add_reactions([cobra.Reaction("A", lower_bound=0, upper_bound=0), cobra.Reaction("B", lower_bound=-1)])
    made.notes = {"own": "kept"}
    return made


def test_what_is_written_comes_back_from_the_model_and_from_the_file(model, tmp_path):
    reaction = model.reactions.A
    write_bounds_when_added(reaction, (-0.1, 1e-9 / 3))
    write_note(reaction, HOST_NOTE, "elsewhere")
    write_absent_genes(model, {"g2", "g1"})
    write_pathways(model, {"P": ("B", "A")})
    write_model(tmp_path / "model.json", model)
    content = read_json(tmp_path / "model.json")
    for entry, whole in ((reaction, model), (content["reactions"][0], content)):
        assert bounds_when_added(entry) == (-0.1, 1e-9 / 3) and note(entry, HOST_NOTE) == "elsewhere"
        assert absent_genes(whole) == {"g1", "g2"} and pathways(whole) == {"P": ["B", "A"]}
        assert note(whole, "own") == "kept"
    assert open_bounds(reaction) == (-0.1, 1e-9 / 3)


def test_without_a_note_there_is_nothing(model):
    reaction = model.reactions.B
    assert bounds_when_added(reaction) is None and open_bounds(reaction) == reaction.bounds == (-1, 1000)
    assert absent_genes(model) == set() and pathways({}) == {}
    assert note({"notes": None}, KNOCK_IN_NOTE) is None


def test_what_is_removed_leaves_the_others(model):
    write_note(model, KNOCK_IN_NOTE, "0 1")
    remove_notes(model, KNOCK_IN_NOTE, "not there")
    assert model.notes == {"own": "kept"}


@pytest.mark.parametrize("text", ["1", "1 2 3", "a b"])
def test_bounds_are_two_numbers(model, text):
    write_note(model.reactions.A, KNOCK_IN_NOTE, text)
    with pytest.raises(ValueError, match="has not two bounds|could not convert"):
        bounds_when_added(model.reactions.A)


def test_every_note_is_declared_once_and_named_nowhere_else():
    names = {value for key, value in vars(notes).items() if key.endswith("_NOTE")}
    assert names == {one.name for one in NOTES} and len(names) == len(NOTES)
    assert all(one.of in ("model", "reaction", "gene") and one.form and one.meaning for one in NOTES)
    quoted = re.compile('notes[^\\n]*[\\[(]"(' + "|".join(sorted(names)) + ')"')
    for path in LIBRARY.rglob("*.py"):
        assert not quoted.search(path.read_text(encoding="utf-8")), path
