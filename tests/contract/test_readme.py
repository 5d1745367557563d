"""What the README prints can be copied: its configurations are whole, and the files that they name are there."""

import re
from pathlib import Path

import pytest
import yaml

from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema
from knockflow.settings.sources import missing_files
from knockflow.settings.strict import check_file

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCHEMA = read_schema()
BLOCKS = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_configuration_of_the_readme_is_whole(block, tmp_path):
    copy = tmp_path / "my-config.yaml"
    copy.write_text(block, encoding="utf-8")
    check_file(copy)
    config = checked(yaml.safe_load(block), SCHEMA, "my-config.yaml")
    assert config["cases"] and config["formulations"]
    assert missing_files(config, ROOT) == []


def test_the_readme_has_configurations():
    assert len(BLOCKS) >= 4


def test_the_readme_names_the_workflow_where_it_is_called_from_elsewhere():
    """Snakemake looks for a Snakefile in the working directory only."""
    assert "--snakefile /path/to/knockflow/Snakefile" in README
