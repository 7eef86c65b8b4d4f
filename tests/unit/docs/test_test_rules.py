"""What the how-to says about testing rules is so: its tests pass, its failure reads as shown, its report is ours."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs.generate import FOLDER
from evenhand.cli.rules import report, rules
from evenhand.engine.rules.backtest import Change, Report, RuleReport, share
from evenhand.runtime import ruletests

PAGE = (FOLDER / "how-to/test-rules.md").read_text("utf-8")
FILES = re.findall(r"^```(?:python|yaml)\n# (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
CONSOLE = [
    tuple(text.split("\n", 1))
    for text in re.findall(r"^```console\n\$ evenhand (.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
]
DAYS = 30.0


def shown(command):
    return [text for said, text in CONSOLE if said.startswith(command)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n{text}", "utf-8")


def run(*arguments, given=None):
    return CliRunner().invoke(rules, list(arguments), input=given).output


def test_its_tests_pass_and_a_failure_reads_as_it_shows(folder):
    passing, failing = shown("rules test")
    assert run("test", "rules") == passing
    main = Path("rules/main.sml")
    main.write_text(main.read_text().replace("SentInAnHour >= 5", "SentInAnHour >= 6"))
    assert run("test", "rules") == failing


def test_its_event_is_one(folder):
    (line,) = re.findall(r"^```json\n(.*)\n```$", PAGE, re.MULTILINE)
    assert '"fired":[]' in run("run", "rules", "--events", "-", given=line)


def test_every_key_of_a_test_is_told():
    for shape in (ruletests._Test, ruletests._Given, ruletests._Earlier, ruletests._Mark, ruletests._Then):
        for key in shape.__struct_fields__:
            assert re.search(rf"\b{key}\b", PAGE), key


def row(name, fires, precision, newly):
    items = Change(len(newly), newly) if fires == 42 else Change(fires, newly)
    return RuleReport(
        rule=name, fires=fires, fires_per_day=fires / DAYS, by_day={}, asking=fires,
        hours_per_day=fires * 24 / 3600 / DAYS, precision=precision, newly_caught=items, no_longer_caught=Change(0, ()),
    )  # fmt: skip


def test_its_report_is_what_we_print(capsys):
    right = share(27, 30)
    threat = row("Threat", 42, right, ("post/18802", "comment/99120"))
    flood = row("NewcomerFlood", 120, share(0, 0), tuple(f"post/{n}" for n in range(11, 31)))
    outcome = report.Outcome(
        since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 3, 31, tzinfo=UTC), events=204_113, unreadable=0,
        failed=0, errors={}, warm_up_seconds=3600, endless=("HasLabel",), processes=2, partitions=1,
        seconds_per_decision=24.0, decisions_timed=812, names=("rules", "version 3"), seconds=21.4,
        report=Report(
            days=DAYS, rules=(threat, flood), asking=162, asking_before=40, hours_per_day=162 * 24 / 3600 / DAYS,
            hours_added_per_day=122 * 24 / 3600 / DAYS, precision=right, newly_caught=Change(122, ()),
            no_longer_caught=Change(0, ()),
        ),
    )  # fmt: skip
    report.show(outcome)
    printed = capsys.readouterr().out
    (expected,) = shown("rules backtest")
    head, _, cut = expected.rpartition("post/13 …")
    assert printed.startswith(head)
    assert cut == "\n"
