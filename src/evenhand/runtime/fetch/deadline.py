"""One deadline for a whole call, and a socket that keeps to it byte by byte: a peer that drips gains nothing."""

from __future__ import annotations

import io
import socket
import time
from typing import BinaryIO

from evenhand.runtime.fetch.errors import TooBig, TooSlow


class Deadline:
    """`seconds` from now. `left()` is what remains; it raises TooSlow once that is nothing."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        remaining = self._end - time.monotonic()
        if remaining <= 0:
            raise self.passed()
        return remaining

    def shorten(self, seconds: float) -> None:
        """End at most `seconds` from now."""
        self._end = min(self._end, time.monotonic() + seconds)

    def passed(self) -> TooSlow:
        return TooSlow(f"No full answer within {self.seconds:g} seconds.")


class Line(io.RawIOBase):
    """A connected socket as `http.client` wants it: reads and writes until the deadline, and reads at most `budget`
    bytes (headers and framing included)."""

    def __init__(self, sock: socket.socket, deadline: Deadline, budget: int) -> None:
        super().__init__()
        self._sock = sock
        self._deadline = deadline
        self.budget = budget

    def makefile(self, _mode: str = "rb") -> BinaryIO:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._sock.settimeout(self._deadline.left())
        count = self._sock.recv_into(buffer)
        self.budget -= count
        if self.budget < 0:
            raise TooBig("The answer's headers or framing are larger than any honest answer's.")
        return count

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._sock.settimeout(self._deadline.left())
            view = view[self._sock.send(view) :]

    def close(self) -> None:
        self._sock.close()
        super().close()
