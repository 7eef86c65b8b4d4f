"""Children of the tests end with their whole group."""

import sys

import pytest

from tests.support.ports import free_port, is_listening, wait_until_closed
from tests.support.processes import Child, Gone

GRANDCHILD_LISTENS = """
import subprocess, sys, time
listen = "import socket, time; s = socket.create_server(('127.0.0.1', {port})); print('up', flush=True); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", listen])
time.sleep(60)
"""


def test_killing_a_child_frees_the_port_of_its_grandchild():
    port = free_port()
    child = Child([sys.executable, "-c", GRANDCHILD_LISTENS.format(port=port)])
    child.wait_for("up")
    assert is_listening(port)
    child.kill()
    wait_until_closed(port)


def test_a_child_that_ends_early_tells_what_it_printed():
    with Child([sys.executable, "-c", "print('port in use'); raise SystemExit(3)"]) as child:
        with pytest.raises(Gone, match="port in use"):
            child.wait_for("listening on")
        assert child.stop() == 3
