"""A process that is gone is known to be, and no other is taken for gone."""

import os
import subprocess
import sys

from evenhand.runtime import holders

_NAME = "from evenhand.runtime import holders; print(holders.this_process(), flush=True); input()"


def test_a_process_is_there_until_it_is_killed():
    with subprocess.Popen([sys.executable, "-c", _NAME], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        name = child.stdout.readline().decode().strip()
        assert name
        assert not holders.is_gone(name)
        child.kill()
        child.wait()
        assert holders.is_gone(name)


def test_a_number_that_is_used_again_is_another_process():
    name = holders.this_process()
    assert not holders.is_gone(name)
    assert holders.is_gone(f"{name.rsplit(' ', 1)[0]} 1")


def test_of_another_machine_or_of_nobody_nothing_is_known():
    other = f"another-boot/pid:[1] {os.getpid()} 1"
    assert not holders.is_gone(other)
    for name in ("", "nonsense", holders.this_process().split(" ")[0]):
        assert not holders.is_gone(name)
