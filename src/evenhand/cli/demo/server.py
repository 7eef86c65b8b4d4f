"""`evenhand serve` as a child of the demo: in a session of its own, stopped with all that it started, and gone when
the demo is."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from evenhand.runtime import parents

READY = "listening on "
USUAL_PORT = 8000
_SERVE = "from evenhand.cli.main import main; main()"
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_LAST_LINES = 12


class Failed(Exception):
    """The server did not start, or ended by itself; with the last lines of its log."""


class Server:
    """Raises Failed when it is not ready within a minute."""

    def __init__(self, port: int, log: Path) -> None:
        self._log = log
        parents.name_this_one()
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 (our own command)
                [sys.executable, "-c", _SERVE, "serve", "--host", "127.0.0.1", "--port", str(port)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                text=True,
            )
        self._said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, name="serve-output", daemon=True).start()
        try:
            self.url = self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def watch(self, ended: threading.Event) -> None:
        """Set `ended` when the server ends, whatever the reason."""

        def wait() -> None:
            self._process.wait()
            ended.set()

        threading.Thread(target=wait, name="serve-watch", daemon=True).start()

    def is_running(self) -> bool:
        return self._process.poll() is None

    def failure(self) -> Failed:
        lines = self._log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
        shown = "\n".join(f"    {line}" for line in lines) or "    (it said nothing)"
        return Failed(f"The desk's server has ended. The last lines of {self._log}:\n{shown}")

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        with stream:
            for line in stream:
                self._said.put(line)

    def _wait_until_ready(self) -> str:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with suppress(queue.Empty):
                _, ready, url = self._said.get(timeout=0.2).partition(READY)
                if ready:
                    return url.strip()
            if not self.is_running():
                break
        raise self.failure()


def free_port(wanted: int) -> int:
    """`wanted` if nobody listens on it, else any free one."""
    for port in (wanted, 0):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as probe:
            return int(probe.getsockname()[1])
    raise Failed("No port is free on this machine.")
