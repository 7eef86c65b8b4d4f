"""What the how-to about connecting lists tells people to type makes a connector, and nothing less does."""

import re
import shlex
from itertools import pairwise

import pytest

from docs.generate import FOLDER
from evenhand.connectors.hashfiles import FORMATS
from evenhand.desk.web.hashlists import KINDS, connect
from evenhand.engine.media.listing import ListFailed

PAGE = (FOLDER / "how-to/connect-a-hash-list.md").read_text("utf-8")
COMMANDS = [shlex.split(line) for line in re.findall(r"^    (evenhand media lists connect .*)$", PAGE, re.MULTILINE)]


def told(words: list[str]) -> tuple[str, dict[str, str]]:
    pairs = [value for option, value in pairwise(words) if option == "--set"]
    return words[words.index("--kind") + 1], dict(pair.partition("=")[::2] for pair in pairs)


@pytest.mark.parametrize("words", COMMANDS, ids=[words[4] for words in COMMANDS])
def test_each_command_makes_a_list_and_needs_every_secret_that_it_names(words, monkeypatch, tmp_path):
    kind, given = told(words)
    secrets = [key for key in given if key.endswith(("_env", "_file")) and not key.startswith("feedback")]
    for key in secrets:
        if key.endswith("_file"):
            given[key] = str(tmp_path / "secret")
            (tmp_path / "secret").write_text("hush")
        else:
            monkeypatch.setenv(given[key], "hush")
    assert connect(kind, given)
    for key in secrets:
        with pytest.raises(ListFailed, match=key.rpartition("_")[0]):
            connect(kind, {name: value for name, value in given.items() if name != key})


def test_every_connector_and_every_format_is_on_the_page():
    assert {told(words)[0] for words in COMMANDS} == set(KINDS) - {"demo"}
    assert set(re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE)) == {"format", *FORMATS}
