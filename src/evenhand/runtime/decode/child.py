"""The decoder's process: seals itself, then looks at one file after another until its pipe ends.

Started as `python -I -S -c START folders…`; descriptor 0 brings jobs, 1 takes replies.
"""

from __future__ import annotations

import math
import os
import signal
import time

import msgspec

from evenhand.runtime.decode import sealing
from evenhand.runtime.decode.values import Job, Ready, Reply, Unseen
from evenhand.runtime.decode.wire import Ended, Wire

START = "import sys; sys.path[:] = sys.argv[1:]; from evenhand.runtime.decode.child import main; main()"
_READ_SECONDS = 60.0


def main() -> None:
    wire = Wire(os.dup(0), os.dup(1))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)  # a library that prints does not speak to the parent
    try:
        seals = _sealed()
    except Exception as error:  # noqa: BLE001 (whatever it is, the parent shall hear it)
        _say(wire, Unseen(f"{type(error).__name__}: {error}"[:400]))
        return
    _say(wire, Ready(seals))
    while _serve(wire):
        pass


def _sealed() -> tuple[str, ...]:
    """Loads all that opens files first: the rest of this process's life can open none."""
    from evenhand.runtime.decode import warming  # noqa: PLC0415 (descriptors are in order before Pillow loads)

    warming.warm()
    return (*sealing.apart(), *sealing.deaf())


def _serve(wire: Wire) -> bool:
    try:
        job = msgspec.msgpack.decode(wire.hear(math.inf), type=Job)
        data = wire.raw(job.size, time.monotonic() + _READ_SECONDS)
    except Ended:
        return False
    signal.setitimer(signal.ITIMER_PROF, job.seconds)  # of processor time; SIGPROF ends the process
    reply = _reply(job, data)
    signal.setitimer(signal.ITIMER_PROF, 0)
    _say(wire, reply)
    return True


def _reply(job: Job, data: bytes) -> Reply:
    from evenhand.runtime.decode.looking import look, look_at_grey  # noqa: PLC0415 (loaded when warm)

    try:
        return (
            look(data, job.limits, queries=job.queries, keep=job.keep)
            if job.grey is None
            else look_at_grey(data, *job.grey)
        )
    except MemoryError:
        return Unseen("it needs more memory than a picture may have")


def _say(wire: Wire, reply: Reply) -> None:
    wire.tell(msgspec.msgpack.encode(reply), time.monotonic() + _READ_SECONDS)
