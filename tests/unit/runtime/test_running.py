"""Which processes are at work on a folder: the living ones, however the others ended."""

import os
import signal
import subprocess
import sys
import time

import pytest

from evenhand.runtime import config, running
from tests.support.processes import Child

AT_WORK = """
import sys, time
from pathlib import Path
from evenhand.runtime import running
running.announce(Path(sys.argv[1]), "serve", parent=int(sys.argv[2]), port=8123)
print("working", flush=True)
time.sleep(60)
"""
CHILD = """
import os, time
from evenhand.runtime import parents
parents.end_with_it()
print("child", os.getpid(), flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
from evenhand.runtime import parents
parents.name_this_one()
subprocess.Popen([sys.executable, "-c", sys.argv[1]], start_new_session=True)
time.sleep(60)
"""


@pytest.fixture
def at_work(tmp_path):
    def start(parent=0):
        child = Child([sys.executable, "-c", AT_WORK, tmp_path, str(parent)])
        child.wait_for("working")
        return child

    return start


def test_a_process_is_told_as_long_as_it_lives_even_when_it_is_killed(tmp_path, at_work):
    with at_work() as child:
        [found] = running.processes(tmp_path)
        assert (found.kind, found.pid, found.port, found.to_end) == ("serve", child.pid, 8123, child.pid)
        child.kill()
        assert list(running.processes(tmp_path)) == []
    assert list((tmp_path / "running").iterdir()) == []


def test_the_one_to_end_is_the_one_that_would_start_it_anew(tmp_path, at_work):
    with at_work(parent=os.getpid()):
        assert [one.to_end for one in running.processes(tmp_path)] == [os.getpid()]


def test_the_one_to_end_is_itself_when_its_parent_is_gone(tmp_path, at_work):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with at_work(parent=gone.pid) as child:
        assert [one.to_end for one in running.processes(tmp_path)] == [child.pid]


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path):
    (tmp_path / "running").write_text("in the way")
    running.announce(tmp_path, "worker")
    assert list(running.processes(tmp_path)) == []


def test_a_child_ends_when_its_parent_was_killed():
    with Child([sys.executable, "-c", PARENT, CHILD]) as parent:
        pid = int(parent.wait_for("child").split()[1])
        os.kill(parent.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while _is_there(pid):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def _is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_a_file_says_otherwise_is_named_and_what_the_environment_decides_is_not(tmp_path):
    file = tmp_path / "evenhand.toml"
    file.write_text('port = 1\nsolo = true\nhost = "a"\n')
    begun = config.sources({"EVENHAND_CONFIG": str(file), "EVENHAND_HOST": "b", "DATABASE_URL": ""})
    assert config.changed(begun) == []
    file.write_text('port = 1\nhost = "c"\ndatabase_url = "x"\nallow_private = ["127.0.0.1"]\n')
    assert config.changed(begun) == ["allow_private", "solo"]


def test_a_file_that_came_later_is_a_change(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    begun = config.sources({"EVENHAND_DATA": str(tmp_path / "desk")})
    assert config.changed(begun) == []
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk/evenhand.toml").write_text("solo = true")
    monkeypatch.chdir("/")
    assert config.changed(begun) == ["solo"]


def test_a_file_that_can_no_longer_be_read_is_told(tmp_path):
    file = tmp_path / "evenhand.toml"
    file.write_text("solo = true")
    begun = config.sources({"EVENHAND_CONFIG": str(file)})
    file.write_text("solo =")
    with pytest.raises(config.ConfigError, match=r"evenhand\.toml"):
        config.changed(begun)
