"""`evenhand demo`, whole: from nothing to cases and a way in; stopped without a trace, gone on, refused with reason."""

import json
import re
import signal
import socket
import subprocess
import time
import urllib.request

import pytest

from tests.support import inside
from tests.support.desk import EVENHAND
from tests.support.ports import HOST, free_port, is_listening, wait_until_closed
from tests.support.processes import Child

SMALL = ("--hours", "1", "--speed", "600")
OWN_CONFIGURATION = {"EVENHAND_CONFIG": "", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/never-touched"}


def start(folder, *options):
    return Child([EVENHAND, "demo", "--data", folder, *SMALL, *options], env=OWN_CONFIGURATION)


def link(child):
    return re.search(r"http://\S+/login/once/\S+/", child.wait_for("Sign in once", 90)).group()


def state(folder):
    return json.loads((folder / "demo.json").read_text())


def wait_until(true, seconds=30):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "demo"


@pytest.mark.timeout(300)
def test_it_opens_a_desk_with_cases_and_goes_on_where_it_was_stopped(folder):
    port = free_port()
    with start(folder, "--port", str(port)) as child:
        entry = link(child)
        assert entry.startswith(f"http://{HOST}:{port}/")
        with urllib.request.urlopen(entry, timeout=10) as page:
            assert page.status == 200
        platform_port = state(folder)["platform_port"]
        assert is_listening(platform_port)
        child.signal(signal.SIGINT)
        child.wait_for("Stopped", 30)
    for stopped in (port, platform_port):
        wait_until_closed(stopped)
    first = state(folder)
    assert first["sent"] > 100
    assert inside.ask(folder, "SELECT count(*) FROM intake_item") >= 100

    with start(folder, "--port", str(port)) as child:
        link(child)
        wait_until(lambda: state(folder)["day"] > first["day"])
        child.signal(signal.SIGTERM)
        child.wait_for("Stopped", 30)
    again = state(folder)
    assert (again["sent"], again["started_at"]) == (first["sent"], first["started_at"])
    assert inside.ask(folder, "SELECT count(*) FROM policies_platformversion") <= 2
    assert inside.ask(folder, "SELECT count(*) FROM accounts_apikey") == 1


def refused(*arguments):
    done = subprocess.run(
        [EVENHAND, "demo", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 1
    return done.stderr


def test_a_folder_of_somebody_else_is_refused_even_when_all_should_begin_anew(tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    assert "no demo made it" in refused("--data", str(tmp_path), "--fresh")
    assert (tmp_path / "precious.txt").exists()


def test_a_port_that_is_taken_is_told(folder):
    with socket.create_server((HOST, 0)) as taken:
        said = refused("--data", str(folder), "--port", str(taken.getsockname()[1]))
    assert "is taken by another program" in said
    assert "--port" in said
