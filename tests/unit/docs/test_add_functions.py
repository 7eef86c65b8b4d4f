"""The how-to's package, as it would be installed: its functions are found, and the page's rules call them."""

import re
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs.generate import FOLDER
from evenhand.cli.main import evenhand
from evenhand.runtime import rules, udfs

PAGE = (FOLDER / "how-to/add-functions.md").read_text("utf-8")
FILES = re.findall(r"^```(?:toml|python)\n# (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def followed(tmp_path, monkeypatch):
    """The page's files, and its package on the path as pip leaves it: beside a folder that names its entry points."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")
    project = tomllib.loads(Path("quay-functions/pyproject.toml").read_text("utf-8"))["project"]
    told = Path(f"quay-functions/quay_functions-{project['version']}.dist-info")
    told.mkdir()
    (told / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n", "utf-8")
    points = "\n".join(f"{one} = {value}" for one, value in project["entry-points"][udfs.GROUP].items())
    (told / "entry_points.txt").write_text(f"[{udfs.GROUP}]\n{points}\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "quay-functions"))
    udfs.installed.cache_clear()
    yield tmp_path
    udfs.installed.cache_clear()
    sys.modules.pop("quay_functions", None)


def test_rules_call_the_functions_of_the_package(followed):
    found = rules.load(followed / "rules")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    fired = [
        [one.rule for one in found.run("post", {"author": {"handle": handle}}, at=at).fired]
        for handle in ("ann", "x12345", "B123")
    ]
    assert fired == [[], ["OddHandle"], []]


def test_check_tells_what_the_page_shows(followed):
    said = CliRunner().invoke(evenhand, ["rules", "check", "rules"]).output
    shown = [line for line in PAGE.splitlines() if line.startswith("From an installed package")]
    assert shown
    assert [line for line in said.splitlines() if line.startswith("From an installed package")] == shown
