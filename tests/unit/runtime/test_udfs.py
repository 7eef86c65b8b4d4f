"""Functions of installed packages: called by the name that their package gives them, refused when rules could not."""

from datetime import UTC, datetime
from importlib.metadata import EntryPoint

import pytest

from evenhand.engine.rules import RuleError
from evenhand.runtime import rules, udfs

AT = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = """\
Handle: str = JsonData(path='$.handle')
Letters = HandleRisk(handle=Handle, weight=2)
Long = Rule(when_all=[Letters > 6])
WhenRules(rules_any=[Long], then=[])
"""


def handle_risk(handle: str, weight: int = 1) -> int:
    """How long a handle is, by weight."""
    return len(handle) * weight


def without_annotations(handle):
    return handle


NOT_A_FUNCTION = 7


@pytest.fixture
def package(monkeypatch):
    """An installed package that names functions."""

    def installed(**named: str) -> None:
        points = [EntryPoint(name, f"{__name__}:{value}", udfs.GROUP) for name, value in named.items()]
        monkeypatch.setattr(udfs, "entry_points", lambda group: points if group == udfs.GROUP else [])
        udfs.installed.cache_clear()

    yield installed
    monkeypatch.undo()
    udfs.installed.cache_clear()


def test_rules_call_it_by_the_name_that_its_package_gives_it(package):
    package(HandleRisk="handle_risk")
    found = rules.load_sources({"main.sml": SOURCE}, {})
    assert [one.rule for one in found.run("post", {"handle": "anna"}, at=AT).fired] == ["Long"]
    assert found.run("post", {"handle": "ann"}, at=AT).features["Letters"] == 6


def ends_the_process():
    raise SystemExit(3)


USING = """\
S: str = JsonData(path='$.handle')
Bad = HandleRisk(handle=S)
Good = S != ''
Risky = Rule(when_all=[Bad > 6])
Plain = Rule(when_all=[Good])
WhenRules(rules_any=[Risky, Plain], then=[])
"""
BROKEN = [
    ("nothing_there", "cannot be loaded"),
    ("NOT_A_FUNCTION", "is no function"),
    ("without_annotations", "no annotation"),
    ("WITHOUT_NAME", "cannot be called by rules"),
]
WITHOUT_NAME = int


@pytest.mark.parametrize(("value", "why"), BROKEN)
def test_rules_that_call_a_broken_one_are_refused_at_the_call(package, value, why):
    package(HandleRisk=value)
    with pytest.raises(RuleError) as told:
        rules.load_sources({"main.sml": USING}, {})
    (problem,) = told.value.problems
    assert (problem.file, problem.line, problem.column) == ("main.sml", 2, 7)
    assert problem.message.startswith("HandleRisk (")
    assert why in problem.message


@pytest.mark.parametrize(("value", "why"), BROKEN)
def test_rules_that_were_published_run_on_and_only_what_calls_it_has_no_value(package, value, why):
    package(HandleRisk=value)
    found = rules.load_sources({"main.sml": USING}, {}, stored=True)
    result = found.run("post", {"handle": "anna"}, at=AT)
    assert [one.rule for one in result.fired] == ["Plain"]
    assert result.features["Bad"] is None
    (error,) = result.errors
    assert why in error.message
    (doubt,) = found.doubts
    assert (doubt.line, doubt.severity) == (2, "warning")


def test_a_broken_one_that_no_rule_calls_keeps_no_rule_from_running(package):
    package(HandleRisk="handle_risk", Broken="nothing_there")
    assert rules.load_sources({"main.sml": SOURCE}, {}).doubts == ()
    (problem,) = udfs.problems(udfs.installed())
    assert (problem.severity, "Broken (" in problem.message) == ("warning", True)


def test_a_package_that_ends_the_process_is_told_and_ends_nothing(package, monkeypatch):
    package(HandleRisk="handle_risk")
    monkeypatch.setattr(EntryPoint, "load", lambda _self: ends_the_process())
    assert "cannot be loaded" in udfs.installed().unusable["HandleRisk"]
