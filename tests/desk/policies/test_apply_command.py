"""`evenhand apply` at the command line."""

import pytest
from click.testing import CliRunner, Result

from evenhand.cli.apply import apply
from evenhand.desk.policies import queries, services

pytestmark = pytest.mark.django_db
GOOD = 'name = "Harbour"\n\n[[policies]]\nid = "spam"\nname = "Spam"\n'
BAD = GOOD.replace("name", "namee", 1) + 'harm = 0\nparent = "spma"\n'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "platform.toml"
    path.write_text(GOOD)
    return path


def run(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(apply, [str(argument) for argument in arguments], input=typed)


def test_it_shows_the_difference_and_applies_what_is_agreed_to(file):
    done = run(file, typed="y\n")
    assert done.exit_code == 0
    assert '  + Policy "spam" (Spam)\n' in done.stdout
    assert "1 new, 1 changed, 0 removed" in done.stdout
    assert done.stdout.endswith("Version 1 is in force.\n")
    assert queries.stored(1).source == GOOD


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_changed(file, typed):
    done = run(file, typed=typed)
    assert done.exit_code == 1
    assert "Nothing was changed" in done.stderr
    assert queries.latest()[0] == 0


def test_with_yes_it_does_not_ask(file):
    done = run(file, "--yes")
    assert (done.exit_code, "?" in done.stdout) == (0, False)
    assert queries.stored(1).applied_by == "system:cli"


def test_the_same_document_again_is_nothing_to_do(file):
    run(file, "--yes")
    done = run(file)
    assert (done.exit_code, done.stdout) == (0, "Nothing to do: version 1 says the same.\n")


def test_a_dry_run_only_shows(file):
    done = run(file, "--dry-run")
    assert done.exit_code == 0
    assert "Spam" in done.stdout
    assert queries.latest()[0] == 0


def test_all_mistakes_are_shown_with_file_line_and_source(file):
    file.write_text(BAD)
    done = run(file, "--yes")
    assert done.exit_code == 1
    assert f'{file}:1: namee\n    | namee = "Harbour"\n' in done.stderr
    assert f"{file}:6: policies[0].harm\n" in done.stderr
    assert f'{file}:7: policies[0].parent\n    | parent = "spma"\n' in done.stderr
    assert "    perhaps   spam\n" in done.stderr
    assert "has 4 mistakes. Nothing was changed." in done.stderr
    assert queries.latest()[0] == 0


def test_what_would_orphan_open_cases_is_refused(file, monkeypatch):
    monkeypatch.setattr(services, "_guards", [lambda _old, _new: ["2 open cases need the policy “scam”."]])
    done = run(file, "--yes")
    assert done.exit_code == 1
    assert "2 open cases need the policy “scam”." in done.stderr


def test_a_dry_run_says_that_it_would_be_refused(file, monkeypatch):
    monkeypatch.setattr(services, "_guards", [lambda _old, _new: ["2 open cases need the policy “scam”."]])
    done = run(file, "--dry-run")
    assert done.exit_code == 1
    assert '+ Policy "spam" (Spam)' in done.stdout
    assert "2 open cases need the policy “scam”." in done.stderr
    assert "would be refused" in done.stderr


def test_what_would_be_refused_is_told_before_anybody_is_asked(file, monkeypatch):
    monkeypatch.setattr(services, "_guards", [lambda _old, _new: ["2 open cases need the policy “scam”."]])
    done = run(file, typed="y\n")
    assert (done.exit_code, "?" in done.stdout) == (1, False)


def test_it_reads_standard_input():
    assert run("-", "--yes", typed=GOOD).exit_code == 0
    assert queries.latest()[0] == 1


def test_it_prints_what_is_in_force_so_that_it_can_be_applied_again(file):
    run(file, "--yes")
    printed = run("--export").stdout
    file.write_text(printed)
    assert "Nothing to do" in run(file).stdout


@pytest.mark.parametrize("arguments", [[], ["--yes"], ["no-such-file.toml"], ["--nonsense"]])
def test_wrong_usage_is_told_as_such(arguments):
    assert run(*arguments).exit_code == 2


def test_a_file_and_export_together_are_wrong_usage(file):
    assert run(file, "--export").exit_code == 2


def test_a_file_that_is_no_text_is_told(file):
    file.write_bytes(b'name = "\xff"')
    done = run(file)
    assert done.exit_code == 1
    assert "not UTF-8 at byte 8" in done.stderr


def test_help_teaches_by_example():
    assert "evenhand apply platform.toml --dry-run" in run("--help").stdout
