"""`evenhand rules pull`, and what a folder remembers: nothing of anybody's is overwritten unseen."""

import json
import os

import pytest
from click.testing import CliRunner

from evenhand.cli.rules import memory, rules
from evenhand.desk.rules import editing, queries, services
from evenhand.runtime import ruletexts

FILES = {
    "main.sml": b"# ours\r\nImport(rules=['models/text.sml'])\r\n"
    b"Pills = Rule(when_all=[StringContains(s=Text, phrase='pills')], description='pills')\r\n"
    b"WhenRules(rules_any=[Pills], then=[Enqueue(policy='spam')])\r\n",
    "models/text.sml": "Text: str = JsonData(path='$.text')  # “as it came”\n".encode(),
    "labels.yaml": b"# who sells\nlabels:\n  seller: {valid_for: [Account]}\n",
    "config/more.yaml": b"strict:   true   # since spring\n",
    "lists/words.yaml": b"- no\n- 007 # an agent\n",
    "tests/pills.yaml": b"Pills are caught:\r\n  given: {action_name: post, data: {text: pills}}\r\n"
    b"  then: {fired: [Pills]}\r\n",
}


def contents(folder):
    kept = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    kept.pop(memory.NAME, None)
    return kept


def write(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture
def run(db):
    def run(*arguments):
        return CliRunner().invoke(rules, [*map(str, arguments), "--data", os.environ["EVENHAND_DATA"]])

    return run


@pytest.fixture
def folder(run, tmp_path):
    """Pushed as version 1."""
    made = write(tmp_path / "ours", FILES)
    pushed = run("push", made)
    assert pushed.exit_code == 0, pushed.output
    return made


def published_at_the_desk(**changes):
    """Somebody changes files in the console."""
    version, texts = editing.in_force()
    found = ruletexts.read(texts | {path.replace("__", "/"): text for path, text in changes.items()})
    return services.publish(
        found.sources,
        found.config,
        actor="user:ben",
        note="at the desk",
        expect=version,
        tests=found.tests,
        files=found.files,
    ).version


def test_a_project_comes_back_byte_for_byte(run, folder, tmp_path):
    pulled = run("pull", tmp_path / "theirs")
    assert pulled.exit_code == 0, pulled.output
    assert contents(tmp_path / "theirs") == FILES
    assert "has version 1 (system:" in pulled.stdout
    assert "Nothing was changed" in run("push", tmp_path / "theirs").stdout


def test_what_was_changed_in_the_console_comes_with_all_comments_of_the_rest(run, folder):
    published_at_the_desk(**{"config__more.yaml": "strict: true # still\n", "extra.sml": "More = 1\n"})
    pulled = run("pull", folder)
    assert pulled.exit_code == 0, pulled.output
    assert contents(folder) == FILES | {"config/more.yaml": b"strict: true # still\n", "extra.sml": b"More = 1\n"}
    assert "new      extra.sml\nchanged  config/more.yaml\n" in pulled.stdout
    assert "-strict:   true   # since spring\n+strict: true # still" in pulled.stderr


def test_a_file_that_the_desk_no_longer_has_goes_and_others_stay(run, folder):
    write(folder, {"README.md": b"not the desk's"})
    _, texts = editing.in_force()
    found = ruletexts.read({path: text for path, text in texts.items() if path != "lists/words.yaml"})
    services.publish(found.sources, found.config, actor="user:ben", tests=found.tests, files=found.files)
    assert "removed  lists/words.yaml" in run("pull", folder).stdout
    assert "lists/words.yaml" not in contents(folder)
    assert "README.md" in contents(folder)


def test_changes_of_your_own_are_shown_and_not_overwritten(run, folder):
    write(folder, {"labels.yaml": b"labels:\n  seller: {valid_for: [Account, Shop]}\n", "mine.sml": b"Mine = 1\n"})
    before = contents(folder)
    published_at_the_desk(**{"extra.sml": "More = 1\n"})
    refused = run("pull", folder)
    assert refused.exit_code == 1
    assert "has changes of its own in labels.yaml, mine.sml: nothing was pulled" in refused.stderr
    assert "-  seller: {valid_for: [Account, Shop]}\n+  seller: {valid_for: [Account]}" in refused.stderr
    assert contents(folder) == before
    assert run("pull", folder, "--force").exit_code == 0
    assert contents(folder) == FILES | {"extra.sml": b"More = 1\n"}


def test_a_file_that_you_deleted_is_a_change_of_yours(run, folder):
    (folder / "lists" / "words.yaml").unlink()
    assert "changes of its own in lists/words.yaml" in run("pull", folder).stderr


def test_a_folder_that_never_met_the_desk_is_not_overwritten(run, folder, tmp_path):
    other = write(tmp_path / "other", {"main.sml": b"A = 1\n"})
    assert "changes of its own in main.sml" in run("pull", other).stderr
    assert contents(other) == {"main.sml": b"A = 1\n"}


def test_files_that_cannot_be_read_as_text_are_kept_from_being_overwritten(run, folder):
    write(folder, {"labels.yaml": b"\xff"})
    assert "changes of its own in labels.yaml" in run("pull", folder).stderr


def test_an_older_version_can_be_looked_at(run, folder, tmp_path):
    published_at_the_desk(**{"extra.sml": "More = 1\n"})
    assert run("pull", tmp_path / "before", "--version", "1").exit_code == 0
    assert contents(tmp_path / "before") == FILES
    missing = run("pull", tmp_path / "none", "--version", "9")
    assert (missing.exit_code, missing.stderr) == (1, "evenhand: The desk has no version 9.\n")


def test_a_version_of_before_texts_were_kept_comes_written_anew_and_says_so(run, tmp_path):
    sources = {path: content.decode() for path, content in FILES.items() if path.endswith(".sml")}
    config = {"labels": {"seller": {"valid_for": ["Account"]}}, "lists": {"words": ["no"]}}
    services.publish(sources, config, actor="user:ana")
    pulled = run("pull", tmp_path / "old")
    assert "written anew, without comments" in pulled.stderr
    assert contents(tmp_path / "old")["lists/words.yaml"] == b"- 'no'\n"
    assert b"seller" in contents(tmp_path / "old")["config/config.yaml"]


def test_a_desk_without_rules_has_nothing_to_pull(run, tmp_path):
    pulled = run("pull", tmp_path / "none")
    assert (pulled.exit_code, pulled.stderr) == (
        1, "evenhand: The desk has no rules yet: evenhand rules push FOLDER\n",
    )  # fmt: skip


@pytest.mark.parametrize("path", ["../out.sml", "/tmp/out.sml", "a/../../out.sml", ".git/hooks/x.sml", "a\\b.sml"])
def test_a_path_that_leads_out_of_the_folder_is_not_written(run, db, tmp_path, path):
    services.publish({"main.sml": "A = 1\n", path: "B = 1\n"}, {}, actor="user:ana")
    pulled = run("pull", tmp_path / "in")
    assert pulled.exit_code == 1
    assert "leads out of" in pulled.stderr
    assert not (tmp_path / "in").exists()


def test_a_link_that_leads_out_of_the_folder_is_not_followed(run, folder, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "models").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert run("pull", tmp_path / "in", "--force").exit_code == 1
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_push_over_what_others_published_is_refused_until_it_is_meant(run, folder):
    published_at_the_desk(**{"extra.sml": "More = 1\n"})
    write(folder, {"mine.sml": b"Mine = 1\n"})
    refused = run("push", folder)
    assert refused.exit_code == 1
    assert refused.stderr.endswith(
        "version 2 was published by user:ben since your version 1 (“at the desk”):"
        f" run evenhand rules pull {folder}, or push --over 2.\n"
    )
    assert queries.current(fresh=True).version == 2
    assert run("push", folder, "--over", "1").exit_code == 1
    assert run("push", folder, "--over", "2").exit_code == 0
    write(folder, {"mine.sml": b"Mine = 2\n"})
    assert "Version 4:" in run("push", folder).stdout


def test_after_a_pull_the_folder_begins_with_the_new_version(run, folder):
    published_at_the_desk(**{"extra.sml": "More = 1\n"})
    run("pull", folder)
    write(folder, {"mine.sml": b"Mine = 1\n"})
    assert "Version 3:" in run("push", folder).stdout


def test_each_desk_has_its_own_version_in_the_memory(run, folder, monkeypatch):
    kept = json.loads((folder / memory.NAME).read_text())
    assert list(kept["versions"].values()) == [1]
    monkeypatch.setattr(memory, "_desk", lambda: "other.example/ledger+00000000")
    assert memory.recall(folder) is None
    memory.remember(folder, 40)
    assert sorted(json.loads((folder / memory.NAME).read_text())["versions"].values()) == [1, 40]


def test_a_memory_that_cannot_be_read_is_told(run, folder):
    (folder / memory.NAME).write_text("{")
    assert "Mend it, or delete it" in run("push", folder).stderr


def test_expect_goes_before_the_memory(run, folder):
    published_at_the_desk(**{"extra.sml": "More = 1\n"})
    write(folder, {"mine.sml": b"Mine = 1\n"})
    assert "Version 2 is in force by now" in run("push", folder, "--expect", "1").stderr
    assert run("push", folder, "--expect", "2", "--over", "2").exit_code == 2
    assert run("push", folder, "--expect", "2").exit_code == 0


def test_the_console_keeps_line_ends_and_comments_of_files_that_nobody_touched(folder):
    before = editing.texts_of(1)
    form = {f"path-{number}": path for number, path in enumerate(before)}
    form |= {f"was-{number}": path for number, path in enumerate(before)}
    form |= {
        f"text-{number}": text.replace("\r", "").replace("\n", "\r\n") for number, text in enumerate(before.values())
    }
    assert editing.texts(editing.sent(form, before)) == before
