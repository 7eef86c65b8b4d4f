"""The reference of what Python programs call: its examples run, and its names are there."""

import json
import re

from docs.generate import FOLDER
from evenhand.engine import rules
from evenhand.engine.rules import Problem, Result
from evenhand.runtime import rules as runtime

PAGE = (FOLDER / "reference/python.md").read_text("utf-8")
EXAMPLE, HASHES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_example_runs(capsys):
    exec(compile(EXAMPLE, "python.md", "exec"), {})
    fired, told = capsys.readouterr().out.splitlines()
    assert fired == "['Shouted', 'Flood'] 2"
    assert json.loads(told)["features"]["Posts"] == 1


def test_what_the_page_names_is_there():
    for name in ("file", "line", "column", "message", "hint", "severity", "source", "width"):
        assert name in Problem.__struct_fields__
    for name in ("features", "fired", "effects", "labels", "verdicts", "errors"):
        assert hasattr(Result, name)
    assert callable(runtime.load)
    assert {"warnings", "run", "run_json"} <= {*dir(rules.load_sources({"main.sml": ""}))}


def test_the_example_of_hashes_runs_and_an_id_is_found_by_each_of_its_hashes(capsys):
    exec(compile(HASHES, "python.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == ["(array([1, 1]), array([0, 1], dtype=int16))", "2 0"]
