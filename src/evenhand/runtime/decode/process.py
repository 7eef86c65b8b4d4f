"""One child that decodes: started, asked within a deadline, and ended; whatever it does, the parent goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Final

import msgspec

from evenhand.runtime.decode.child import START
from evenhand.runtime.decode.values import Job, Ready, Reply, Seen, Unseen
from evenhand.runtime.decode.wire import Ended, Late, Wire

START_SECONDS: Final = 30.0
_SLACK_SECONDS: Final = 10.0
"""Beyond its processor time, for a machine that is busy."""
_KEPT: Final = str(128 << 20)
"""Bytes of freed memory that a child keeps for its next file: fresh pages cost as much as the decoding (mallopt(3))."""
_SPARSE: Final = {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8",
    "MALLOC_TRIM_THRESHOLD_": _KEPT, "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
}  # fmt: skip
_BY_SIGNAL: Final = {
    signal.SIGPROF: "it takes more than {seconds:g} seconds of processor time",
    signal.SIGKILL: "its decoder was ended by the machine, probably for its memory",
}
_REPLY = msgspec.msgpack.Decoder(Reply)


class NoDecoder(Exception):
    """No child can be started: this machine's matter, not the file's."""


class Child:
    """Raises NoDecoder where it does not start."""

    def __init__(self) -> None:
        self.files = 0
        try:
            self._process = subprocess.Popen(  # noqa: S603 (our own command)
                [sys.executable, "-I", "-S", "-c", START, *filter(None, sys.path)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_SPARSE, cwd="/",
                bufsize=0,
            )  # fmt: skip
        except OSError as error:
            raise NoDecoder(f"the decoder does not start: {error}") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._wire = Wire(self._process.stdout.fileno(), self._process.stdin.fileno())
        try:
            first = self._heard(time.monotonic() + START_SECONDS)
        except (Ended, Late) as error:
            self.end()
            raise NoDecoder("the decoder does not start: it ends without a word") from error
        if not isinstance(first, Ready):
            self.end()
            raise NoDecoder(f"the decoder does not start: {getattr(first, 'reason', 'it says what nobody asked')}")
        self.seals = first.seals

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: Job, data: bytes | memoryview) -> Seen | Unseen:
        """Never raises for what the file or the child does; the child is gone afterwards where it misbehaved."""
        self.files += 1
        until = time.monotonic() + job.seconds + _SLACK_SECONDS
        try:
            self._wire.tell(msgspec.msgpack.encode(job), until, data)
            reply = self._heard(until)
        except Late:
            self.end()
            return Unseen(f"it is not decoded within {job.seconds + _SLACK_SECONDS:g} seconds")
        except Ended:
            return Unseen(self._why_ended(job))
        if isinstance(reply, Ready):
            self.end()
            return Unseen("its decoder answered what was not asked")
        return reply

    def end(self) -> None:
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=START_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _heard(self, until: float) -> Reply:
        try:
            reply: Reply = _REPLY.decode(self._wire.hear(until))
        except msgspec.MsgspecError as error:
            raise Ended from error
        return reply

    def _why_ended(self, job: Job) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        code = self._process.returncode
        self.end()
        if code is None:
            return "its decoder answered what is no answer"
        if code < 0:
            words = _BY_SIGNAL.get(signal.Signals(-code), f"its decoder broke down ({signal.Signals(-code).name})")
            return words.format(seconds=job.seconds)
        return f"its decoder broke down (exit code {code})"
