"""`evenhand rules` on a folder: check, test and run; no desk is needed."""

import io
import json

import pytest
from click.testing import CliRunner

from evenhand.cli.rules import rules
from evenhand.cli.rules.folder import progress
from evenhand.engine.rules.problem import RuleError
from evenhand.runtime import udfs

GOOD = """\
Text: str = JsonData(path='$.text')
Author: Entity[str] = EntityJson(type='User', path='$.author')
Sent = IncrementWindow(key=f'sent {Author}', window_seconds=60, when_all=[True])
WasSpam = HasLabel(entity=Author, label='spammer')
Spam = Rule(when_all=[StringContains(s=Text, phrase='spam')], description='it says spam')
Flood = Rule(when_all=[Sent >= 3])
WhenRules(rules_any=[Spam], then=[LabelAdd(entity=Author, label='spammer'), DeclareVerdict(verdict='reject')])
WhenRules(rules_any=[Flood], then=[DeclareVerdict(verdict='look')])
"""
TEST = """\
Spam is caught:
  given: {action_name: post, data: {text: spam, author: ann}}
  then: {fired: [Spam]}
"""
SILENT = "A: int = JsonData(path='$.a', required=False)\nR = Rule(when_all=[A > 1])\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "main.sml").write_text(GOOD)
    (tmp_path / "tests" / "spam.yaml").write_text(TEST)
    return tmp_path


def run(*arguments, given=None):
    return CliRunner().invoke(rules, [str(argument) for argument in arguments], input=given)


def event(text="hello", **more):
    return json.dumps(
        {"action_name": "post", "timestamp": "2026-01-01T12:00:00Z", "data": {"text": text, "author": "ann"}} | more
    )


def results(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_rules_without_mistakes_are_told_as_such(folder):
    done = run("check", folder)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "2 rules, 1 test: no mistakes.\n", "")


def test_every_mistake_is_told_with_its_line_and_a_caret(folder):
    (folder / "main.sml").write_text(
        GOOD.replace("StringContains", "StringContain").replace("rules_any=[Flood]", "rules_any=[Flod]")
    )
    done = run("check", folder)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "main.sml:5:23: error: " in done.stderr
    assert "\n    5 | Spam = Rule(when_all=[StringContain(s=Text, phrase='spam')]" in done.stderr
    assert "^^^^^^^^^^^^^" in done.stderr
    assert "did you mean 'Flood'?" in done.stderr
    assert done.stderr.endswith(f"evenhand: {folder} has 2 mistakes.\n")


def test_mistakes_in_tests_are_mistakes(folder):
    (folder / "tests" / "spam.yaml").write_text(TEST.replace("fired", "fierd"))
    assert "tests/spam.yaml:3:10: error: unknown key 'fierd'" in run("check", folder).stderr
    (folder / "tests" / "spam.yaml").write_text(TEST.replace("[Spam]", "[Spma]"))
    assert "there is no rule 'Spma' that can fire" in run("check", folder).stderr


def test_strict_and_compat_go_before_what_the_configuration_says(folder):
    (folder / "main.sml").write_text(SILENT)
    (folder / "tests" / "spam.yaml").unlink()
    assert run("check", folder).exit_code == 0
    assert run("check", folder, "--strict").exit_code == 1
    (folder / "project.yaml").write_text("strict: true\n")
    assert run("check", folder).exit_code == 1
    assert run("check", folder, "--compat").exit_code == 0
    assert run("check", folder, "--compat", "--strict").exit_code == 2


def test_a_machine_gets_the_problems_as_json(folder):
    told = json.loads(run("check", folder, "--json").stdout)
    assert told == {"ok": True, "rules": ["Spam", "Flood"], "idle": [], "tests": 1, "functions": [], "problems": []}
    (folder / "main.sml").write_text("A = B\n")
    done = run("check", folder, "--json")
    (problem,) = json.loads(done.stdout)["problems"]
    assert done.exit_code == 1
    assert (problem["file"], problem["line"], problem["column"]) == ("main.sml", 1, 5)


def test_rules_that_nothing_acts_on_are_counted_and_named(folder):
    (folder / "main.sml").write_text(GOOD + "Quiet = Rule(when_all=[Sent > 9])\n")
    done = run("check", folder)
    assert done.stdout == ("3 rules, 1 test: no mistakes.\nNothing acts on 1 rule, which no WhenRules names: Quiet\n")


def test_one_kind_of_mistake_hides_no_other(folder):
    (folder / "main.sml").write_text(GOOD.replace("s=Text", "s=Txet"))
    (folder / "labels.yaml").write_text("labels:\n  spammer: {valid_for: User}\n")
    (folder / "lists").mkdir()
    (folder / "lists" / "words.yaml").write_text("a: b\n")
    (folder / "tests" / "spam.yaml").write_text(TEST.replace("fired", "fierd"))
    told = run("check", folder).stderr
    assert "labels.yaml:2:13: error: labels.spammer.valid_for: expected a list of entity types" in told
    assert "main.sml:5:40: error: unknown name 'Txet'" in told
    assert "lists/words.yaml:1:1: error: a list of words holds only words" in told
    assert "tests/spam.yaml:3:10: error: unknown key 'fierd'" in told


def test_rules_are_not_blamed_for_configuration_that_cannot_be_read(folder):
    words = "Slur = Rule(when_all=[ListContains(list='slurs', phrases=[Text]) != None])\n"
    (folder / "main.sml").write_text(GOOD + words)
    (folder / "config.yaml").write_text("labels: [\n")
    done = run("check", folder)
    assert "config.yaml:2:1: error: this is not YAML" in done.stderr
    assert "has 1 mistake." in done.stderr


def test_a_test_beside_the_rules_is_no_configuration(folder):
    (folder / "spam_test.yaml").write_text(TEST)
    done = run("check", folder)
    assert (done.stdout, done.stderr) == ("2 rules, 2 tests: no mistakes.\n", "")


def test_what_would_steer_a_terminal_is_not_printed(folder):
    (folder / "main.sml").write_text("A = 'x\x1b[2J' + Bad\n")
    assert "\x1b" not in run("check", folder).stderr


@pytest.mark.parametrize("command", ["check", "test", "run"])
def test_a_folder_that_is_not_there_is_wrong_usage(command):
    assert run(command, "no-such-folder").exit_code == 2


def test_tests_that_pass_are_counted_and_untested_rules_named(folder):
    done = run("test", folder)
    assert (done.exit_code, done.stdout) == (0, "No test makes these rules fire: Flood\n1 passed, 0 failed\n")


def test_a_test_that_fails_tells_what_was_expected_found_and_why(folder):
    (folder / "tests" / "spam.yaml").write_text(TEST.replace("text: spam", "text: ham"))
    done = run("test", folder)
    assert done.exit_code == 1
    assert "tests/spam.yaml:1: Spam is caught\n    expected  Spam fires\n    found     it did not" in done.stdout
    assert "\n    because   " in done.stdout
    assert "ham" in done.stdout
    assert done.stdout.endswith("0 passed, 1 failed\n")


def test_a_machine_gets_each_test_as_json(folder):
    (folder / "tests" / "spam.yaml").write_text(TEST + TEST.replace("Spam is", "Ham is").replace("spam, ", "ham, "))
    told = json.loads(run("test", folder, "--json").stdout)
    assert (told["passed"], told["failed"]) == (1, 1)
    assert [(one["name"], one["passed"]) for one in told["tests"]] == [
        ("Spam is caught", True),
        ("Ham is caught", False),
    ]
    assert told["tests"][1]["mismatches"][0]["expected"] == "Spam fires"


def test_a_folder_without_tests_fails_with_an_example(folder):
    (folder / "tests" / "spam.yaml").unlink()
    done = run("test", folder)
    assert done.exit_code == 1
    assert "fired: [NameOfYourRule]" in done.stderr


def test_the_rules_are_checked_before_they_are_tested(folder):
    (folder / "main.sml").write_text("A = B\n")
    done = run("test", folder)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "unknown name 'B'" in done.stderr


def test_each_event_gives_one_result_on_a_state_that_goes_on(folder, tmp_path):
    events = tmp_path / "events.jsonl"
    events.write_text("\n".join([event("spam"), event(), "", event()]) + "\n")
    done = run("run", folder, "--events", events)
    first, second, third = results(done)
    assert done.exit_code == 0
    assert [one["rule"] for one in first["fired"]] == ["Spam"]
    assert first["labels"] == ["User/ann/spammer/1"]
    assert (second["features"]["Sent"], second["features"]["WasSpam"]) == (2, True)
    assert [one["rule"] for one in third["fired"]] == ["Flood"]


def test_an_event_that_comes_again_under_its_id_counts_once(folder):
    done = run("run", folder, "--events", "-", given="\n".join([event(action_id=7)] * 3))
    assert [one["features"]["Sent"] for one in results(done)] == [1, 1, 1]


def test_bad_lines_are_told_with_their_numbers_and_the_others_are_run(folder):
    lines = [event(), "{", event(), '{"action_name": "post"}', "\udcff", "7"]
    given = "\n".join(lines).encode("utf-8", "surrogateescape")
    done = run("run", folder, "--events", "-", given=given)
    assert done.exit_code == 1
    assert len(results(done)) == 2
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "line 2",
        "line 4",
        "line 5",
        "line 6",
        "evenhand",
    ]
    assert "missing required field `data`" in done.stderr
    assert "line 2: the JSON is not complete: it ends in line 1, column 2" in done.stderr


def test_a_line_that_nests_too_deep_is_told_and_the_others_are_run(folder):
    deep = event().replace('"hello"', "[" * 100_000 + "]" * 100_000)
    done = run("run", folder, "--events", "-", given=f"{event()}\n{deep}\n{event()}")
    assert done.exit_code == 1
    assert [one["features"]["Sent"] for one in results(done)] == [1, 2]
    assert done.stderr.startswith("line 2: nested deeper than 100")


def test_an_event_that_comes_too_late_for_a_counter_is_told_and_its_rules_have_no_answer(folder):
    times = ["12:00:00", "10:59:59", "11:00:00", "12:00:01"]
    lines = [event(timestamp=f"2026-01-01T{one}Z") for one in times]
    found = results(run("run", folder, "--events", "-", given="\n".join(lines)))
    assert [one["features"]["Sent"] for one in found] == [1, None, 2, 2]
    assert "came 3,601 s behind the newest of its key; counts are kept for 3,600 s" in found[1]["errors"][0]["message"]
    (folder / "config.yaml").write_text("lateness_seconds: 7200\n")
    found = results(run("run", folder, "--events", "-", given="\n".join(lines)))
    assert [one["features"]["Sent"] for one in found] == [1, 1, 2, 2]


def test_an_event_without_a_time_comes_with_the_one_before(folder):
    bare = '{"action_name": "post", "data": {"text": "hello", "author": "ann"}}'
    late = event(timestamp="2026-01-01T12:02:00Z")
    done = run("run", folder, "--events", "-", given=f"{bare}\n{event()}\n{late}\n{bare}")
    assert done.exit_code == 0
    assert [one["features"]["Sent"] for one in results(done)] == [1, 2, 1, 2]


def test_a_line_without_end_does_not_fill_the_memory(folder, monkeypatch):
    monkeypatch.setattr("evenhand.cli.rules.run.LONGEST_LINE", 1000)
    done = run("run", folder, "--events", "-", given=event("x" * 5000) + "\n" + event())
    assert len(results(done)) == 1
    assert done.stderr.startswith("line 1: ")


def test_rules_with_mistakes_run_nothing(folder):
    (folder / "main.sml").write_text("A = B\n")
    done = run("run", folder, "--events", "-", given=event())
    assert (done.exit_code, done.stdout) == (1, "")


@pytest.mark.parametrize("command", ["check", "test", "run", "backtest"])
def test_each_help_shows_the_command_as_people_write_it(command):
    done = run(command, "--help")
    assert f"evenhand rules {command} " in done.stdout


def test_a_mistake_of_ours_is_not_taken_for_one_of_the_author(folder, monkeypatch):
    monkeypatch.setattr("evenhand.runtime.rulefolders.look", lambda _folder: 1 / 0)
    done = run("check", folder)
    assert isinstance(done.exception, ZeroDivisionError)
    assert not isinstance(done.exception, RuleError)


def test_functions_of_installed_packages_are_known_to_every_command(folder, monkeypatch):
    def AccountRisk(account: str) -> int:  # the name that rules call
        return len(account)

    found = udfs.Installed((AccountRisk,), {"Broken": "Broken (quay:nothing, of quay) cannot be loaded: no such name"})
    monkeypatch.setattr("evenhand.runtime.rules.installed", lambda: found)
    monkeypatch.setattr("evenhand.runtime.udfs.installed", lambda: found)
    (folder / "main.sml").write_text(GOOD + "Risk = AccountRisk(account=Text)\n")
    done = run("check", folder)
    assert done.exit_code == 0
    assert "From an installed package: AccountRisk(account: str) -> int" in done.stdout
    assert "warning: Broken (quay:nothing, of quay) cannot be loaded" in done.stderr
    assert run("test", folder).exit_code == 0


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_whoever_sits_before_a_terminal_sees_how_far_it_is(monkeypatch):
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    with progress("Testing", 4) as done:
        done(3)
    assert "Testing" in terminal.getvalue()
    assert "75%" in terminal.getvalue()


def test_a_script_sees_no_bar(monkeypatch):
    monkeypatch.setattr("sys.stderr", log := io.StringIO())
    with progress("Testing", 4) as done:
        done(3)
    assert log.getvalue() == ""
