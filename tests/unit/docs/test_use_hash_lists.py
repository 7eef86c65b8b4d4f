"""What the how-to about hash lists tells people to type is understood, and its file is read whole."""

import re
import shlex

import pytest
from click.testing import CliRunner

from docs.generate import FOLDER
from evenhand.cli.main import evenhand
from evenhand.engine.media import hashcsv
from evenhand.engine.media.listing import Listed

PAGE = (FOLDER / "how-to/use-hash-lists.md").read_text("utf-8")
COMMANDS = re.findall(r"^    evenhand (.*)$", PAGE, re.MULTILINE)


def test_the_file_lists_one_medium_with_two_hashes():
    file = re.search(r"```csv\n(.*?)```", PAGE, re.DOTALL)[1]
    found = [row for _line, row in hashcsv.read(file.splitlines())]
    assert all(isinstance(row, Listed) for row in found)
    assert {row.key for row in found} == {"ad-1"}
    assert {kind for row in found for kind in row.hashes} == {"md5", "sha1"}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_takes_what_the_page_gives_it(command):
    words = [word for word in shlex.split(command) if word not in {"--data", "./desk"}]
    group = evenhand
    while hasattr(group, "get_command"):
        name, *words = words
        group = group.get_command(None, name)
        assert group is not None, name
    known = {option for one in group.params for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= known
    assert CliRunner().invoke(group, ["--help"]).exit_code == 0


def test_every_kind_of_command_is_on_the_page():
    assert [" ".join(one.split()[:3]) for one in COMMANDS] == [
        "media bank create", "media bank import", "media lists connect",
    ]  # fmt: skip
