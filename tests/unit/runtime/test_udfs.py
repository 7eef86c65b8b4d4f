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


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("nothing_there", "cannot be loaded"),
        ("NOT_A_FUNCTION", "is no function"),
        ("without_annotations", "no annotation"),
    ],
)
def test_one_that_rules_could_not_call_is_refused_with_its_package(package, value, why):
    package(HandleRisk=value)
    with pytest.raises(RuleError, match=f"HandleRisk .*{why}"):
        rules.load_sources({"main.sml": SOURCE}, {})
