"""What a sealed child can no longer do."""

import subprocess
import sys

import pytest

from evenhand.runtime.decode.sealing import SEALS

_SEALED = """
import sys; sys.path[:] = sys.argv[1].split("\\n")
import ctypes, mmap, os, resource, socket, subprocess, threading
from evenhand.runtime.decode import sealing
seals = [*sealing.apart(), *sealing.deaf()]
print(",".join(seals), flush=True)
def attempt():
    {attempt}
try:
    attempt()
except BaseException as error:
    print("refused", type(error).__name__)
else:
    print("done")
"""


def sealed(attempt: str) -> tuple[list[str], str]:
    command = [sys.executable, "-I", "-S", "-c", _SEALED.format(attempt=attempt), "\n".join(filter(None, sys.path))]
    lines = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout.splitlines()
    return lines[0].split(","), lines[-1]


ATTEMPTS = {
    "read a file": "open('/etc/passwd').read()",
    "write a file": "open('/tmp/evenhand-written', 'w')",
    "connect": "socket.socket().connect(('127.0.0.1', 9))",
    "run a program": "os.execv('/bin/true', ['/bin/true'])",
    "fork": "os.fork()",
    "start a thread": "threading.Thread(target=print).start()",
    "kill": "os.kill(1, 0)",
    "remove a file": "os.unlink('/tmp/evenhand-not-there')",
    "list a folder": "os.listdir('/')",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_sealed_child_cannot(attempt: str) -> None:
    seals, outcome = sealed(ATTEMPTS[attempt])
    if "system calls" not in seals:
        pytest.skip("this machine has no seccomp filters")
    assert outcome.startswith("refused PermissionError") or outcome == "refused RuntimeError"


def test_it_can_take_no_more_memory_than_it_was_given() -> None:
    assert sealed("bytearray(1 << 31)")[1] == "refused MemoryError"


def test_it_can_still_compute() -> None:
    seals, outcome = sealed("sum(range(1000))")
    assert outcome == "done"
    assert set(seals) <= set(SEALS)
