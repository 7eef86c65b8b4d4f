"""Child processes that never outlive the test: each in a session of its own, stopped with its whole group."""

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self


class Gone(RuntimeError):
    """The child ended, or said nothing in time; carries what it printed."""


class Child:
    """A running command. `output` gathers its stdout and stderr, line by line."""

    def __init__(
        self, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self.output: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._process = subprocess.Popen(
            [str(part) for part in command],
            env=None if env is None else {**os.environ, **env},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_for(self, text: str, seconds: float = 30) -> str:
        """The first line from now on that contains `text`. Raises Gone."""
        deadline = time.monotonic() + seconds
        while (line := self._next_line(deadline)) is not None:
            if text in line:
                return line
        raise Gone(f"no line with {text!r} within {seconds} s; it printed:\n{''.join(self.output)}")

    def stop(self, seconds: float = 10) -> int:
        """SIGTERM to the group, SIGKILL to what is left of it; its exit code."""
        self.signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.kill()

    def kill(self) -> int:
        """kill -9 to the whole group; its exit code."""
        self.signal(signal.SIGKILL)
        code = self._process.wait()
        self._reader.join(5)
        return code

    def signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        with stream:
            for line in stream:
                self.output.append(line)
                self._lines.put(line)
        self._lines.put(None)

    def _next_line(self, deadline: float) -> str | None:
        try:
            return self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
