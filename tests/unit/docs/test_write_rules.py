"""The how-to's rules are right, its tests pass, and its commands say what it shows."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs.generate import FOLDER
from evenhand.cli.main import evenhand
from evenhand.desk.intake.queries import matching
from evenhand.engine.rules.query import Stored

PAGE = (FOLDER / "how-to/write-rules.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PASSING = "trap."
"""Files that show a mistake: they are there for the next command only."""


def say(command):
    words = command.removeprefix("$ evenhand ").split()
    return CliRunner().invoke(evenhand, words).output


def put(text):
    """The file that the block's first line names; what is there already stays before it."""
    name, body = text.split("\n", 1)
    path = Path(name.removeprefix("# "))
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{body}" if before else text, "utf-8")
    return path


def steps():
    """Each command of the page with what it shows and what it says, when the page is followed from the top."""
    passing = []
    for language, text in BLOCK.findall(PAGE):
        if language in ("python", "yaml"):
            path = put(text)
            passing += [path] if path.name.startswith(PASSING) else []
        elif language == "console":
            command, shown = text.split("\n", 1)
            yield command, shown, say(command)
            for path in passing:
                path.unlink()
            passing.clear()


@pytest.fixture
def followed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return list(steps())


def test_every_command_says_what_the_page_shows(followed):
    assert len(followed) == PAGE.count("$ evenhand")
    for command, shown, said in followed:
        assert said == shown, command


def test_the_folder_that_is_made_is_right_and_passes_its_tests(followed):
    assert say("$ evenhand rules check rules --strict") == "4 rules, 7 tests: no mistakes.\n"
    assert say("$ evenhand rules test rules") == "7 passed, 0 failed\n"


def test_every_block_is_a_file_a_command_a_query_or_one_that_needs_a_desk():
    kinds = [language for language, _ in BLOCK.findall(PAGE)]
    assert set(kinds) == {"python", "yaml", "console", "text", "sml"}
    assert kinds.count("text") == kinds.count("sml") == 1


def test_the_query_is_one_that_the_page_takes():
    (condition,) = (text for language, text in BLOCK.findall(PAGE) if language == "sml")
    query = matching.query(condition, names={}, lists={})
    data = {"pictures": ["https://quayside.example/1.png"], "evenhand": {"item": {"text": "A berth bonus!"}}}
    assert query.matches(Stored(action_name="post", data=data, at=0))
    assert not query.matches(Stored(action_name="post", data=data | {"pictures": []}, at=0))


def test_the_commands_that_need_a_desk_have_these_options():
    (text,) = (text for language, text in BLOCK.findall(PAGE) if language == "text")
    for line in text.splitlines():
        words = line.split("#")[0].split()[1:]
        told = CliRunner().invoke(evenhand, [*words[:2], "--help"]).output
        assert all(word in told for word in words if word.startswith("--")), line
