"""The server forks its worker: what another thread holds in that moment, nobody in the worker would ever release."""

import sys

from tests.support.desk import READY
from tests.support.ports import HOST
from tests.support.processes import Child

SERVE = """
import os, sys, threading
from evenhand.cli.main import main
os.register_at_fork(before=lambda: print("forks with", [one.name for one in threading.enumerate()], flush=True))
sys.argv = ["evenhand", "serve", *sys.argv[1:]]
main()
"""


def test_no_other_thread_runs_when_the_worker_is_forked(tmp_path):
    env = {"EVENHAND_DATA": str(tmp_path), "EVENHAND_CONFIG": "", "EVENHAND_HMA_PORT": "1"}
    command = [sys.executable, "-c", SERVE, "--data", str(tmp_path), "--host", HOST, "--port", "0"]
    with Child(command, env=env) as process:
        process.wait_for(READY)
        forks = [line.strip() for line in process.output if "forks with" in line]
    assert forks
    assert set(forks) == {"forks with ['MainThread']"}
