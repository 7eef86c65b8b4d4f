"""A running desk and what is done around it: its configuration edited, its parent killed, its port wanted again."""

import os
import re
import signal
import subprocess

import pytest

from evenhand.runtime import running
from tests.support.desk import EVENHAND, evenhand, serving
from tests.support.ports import HOST, free_port, wait_until_closed
from tests.support.processes import Child

LOOKING = [
    ("check",),
    ("check", "--json"),
    ("export", "cases"),
    ("export", "quality"),
    ("ledger", "verify"),
    ("ledger", "export"),
    ("rules", "list"),
    ("rules", "move", "Rule", "draft", "--owner", "ana", "--reason", "x"),
    ("users", "list"),
    ("users", "login-link", "ana@example.com"),
    ("keys", "list"),
    ("keys", "revoke", "app"),
    ("webhooks", "list"),
    ("apply", "--export"),
]


def failed(*arguments, data, code):
    with pytest.raises(subprocess.CalledProcessError) as told:
        evenhand(*arguments, data=data)
    assert told.value.returncode == code
    return told.value.stdout + told.value.stderr


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
def test_a_mistyped_folder_is_asked_about_and_not_made(tmp_path, command):
    said = failed(*command, data=tmp_path / "nodesk", code=2)
    assert "Is this the folder of a desk that was started?" in said
    assert list(tmp_path.iterdir()) == []


def test_a_difference_can_be_seen_before_there_is_a_desk(tmp_path):
    document = tmp_path / "platform.toml"
    document.write_text('name = "Harbour"')
    assert '"Harbour"' in evenhand("apply", document, "--dry-run", data=tmp_path / "desk")
    assert list(tmp_path.iterdir()) == [document]


@pytest.mark.timeout(120)
def test_a_configuration_that_was_edited_while_the_desk_runs_is_told_until_it_is_restarted(tmp_path):
    (tmp_path / "evenhand.toml").write_text("solo = false")
    with serving(tmp_path):
        assert "older configuration" not in failed("check", data=tmp_path, code=1)
        (tmp_path / "evenhand.toml").write_text('allow_private = ["127.0.0.1:8739"]')
        said = failed("check", data=tmp_path, code=1)
        assert "runs with an older configuration: allow_private, solo was changed since." in said
        assert "Restart it" in said
    with serving(tmp_path):
        assert "older configuration" not in failed("check", data=tmp_path, code=1)


@pytest.mark.timeout(120)
def test_the_server_ends_with_its_master_that_was_killed(tmp_path):
    with serving(tmp_path) as desk:
        os.kill(desk.process.pid, signal.SIGKILL)
        wait_until_closed(int(desk.url.rpartition(":")[2]), 15)


@pytest.mark.timeout(120)
def test_a_port_that_this_folders_own_server_holds_is_told_with_how_to_end_it(tmp_path):
    with serving(tmp_path) as desk:
        port = desk.url.rpartition(":")[2]
        said = failed("serve", "--port", port, data=tmp_path, code=1)
        assert f"kill {desk.process.pid}" in said
        pid = int(re.search(r"To end it: kill (\d+)", said).group(1))
        os.kill(pid, signal.SIGTERM)
        wait_until_closed(int(port), 15)
    assert list(running.processes(tmp_path)) == []


@pytest.mark.timeout(200)
def test_the_demos_server_ends_with_the_demo_that_was_killed(tmp_path):
    port = free_port()
    command = [EVENHAND, "demo", "--data", tmp_path / "demo", "--hours", "1", "--port", str(port)]
    with Child(command, env={"EVENHAND_CONFIG": ""}) as demo:
        demo.wait_for("Sign in once", 90)
        os.kill(demo.pid, signal.SIGKILL)
        wait_until_closed(port, 20)
    with Child(command, env={"EVENHAND_CONFIG": ""}) as demo:
        assert f"http://{HOST}:{port}/" in demo.wait_for("Sign in once", 90)
