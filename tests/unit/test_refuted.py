"""A list whose proof has found a better design fails the run, by name."""

import gzip
import json

import pytest

from knockflow.base.errors import FileError
from knockflow.designs.refuted import refuted


def written(folder, name, better):
    path = folder / "core/proof" / f"{name}.json.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(b'{"sha256": ""}\n' + json.dumps({"better": better}).encode()))
    return path


def test_a_list_with_a_better_design_is_named_and_others_are_not(tmp_path):
    paths = [written(tmp_path, "a", ""), written(tmp_path, "b", "-PYK makes 2")]
    assert refuted(paths) == ["core, b: refuted by its proof: -PYK makes 2"]
    assert refuted([]) == []


@pytest.mark.parametrize("content", [b"", b"{}", gzip.compress(b"one line"), gzip.compress(b"{}\n{}")])
def test_what_is_no_proof_is_named(tmp_path, content):
    path = written(tmp_path, "a", "")
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"a\.json\.gz: not a proof"):
        refuted([path])
