"""Messages over pipes: a length, then so many bytes; each read and write ends at its deadline."""

from __future__ import annotations

import math
import os
import select
import time
from typing import Final

LENGTH: Final = 4
MOST_BYTES: Final = 1_000_000
"""Of a message; the bytes of a file follow one, and are counted by it."""
_PIECE: Final = 1 << 20


class Ended(Exception):
    """The other side is gone, or said what is no message."""


class Late(Exception):
    """The deadline passed."""


class Wire:
    """Two descriptors that do not block. `until` is a moment of `time.monotonic()`."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)

    def tell(self, message: bytes, until: float, tail: bytes | memoryview = b"") -> None:
        """Raises Ended, Late."""
        self._write(len(message).to_bytes(LENGTH, "big") + message, until)
        self._write(tail, until)

    def hear(self, until: float) -> bytes:
        """Raises Ended, Late."""
        size = int.from_bytes(self._read(LENGTH, until), "big")
        if size > MOST_BYTES:
            raise Ended
        return self._read(size, until)

    def raw(self, size: int, until: float) -> bytes:
        """The bytes that follow a message. Raises Ended, Late."""
        return self._read(size, until)

    def _write(self, data: bytes | memoryview, until: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._writing, select.POLLOUT, until)
            try:
                view = view[os.write(self._writing, view[:_PIECE]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise Ended from error

    def _read(self, size: int, until: float) -> bytes:
        found = bytearray()
        while len(found) < size:
            self._wait(self._reading, select.POLLIN, until)
            piece = os.read(self._reading, min(_PIECE, size - len(found)))
            if not piece:
                raise Ended
            found += piece
        return bytes(found)

    def _wait(self, descriptor: int, event: int, until: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        left = None if until == math.inf else max(0.0, until - time.monotonic()) * 1000
        if not poll.poll(left):
            raise Late
