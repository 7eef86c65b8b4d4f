"""On PYTHONPATH of a child: writes each address that it connects to or looks up into $WATCH_FILE."""

import os
import sys
from pathlib import Path

_FILE = os.environ.get("WATCH_FILE")


def _watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _write(f"{arguments[1][0]}:{arguments[1][1]}")
    elif event == "socket.getaddrinfo":
        _write(f"lookup:{arguments[0]}:{arguments[1]}")


def _write(address):
    with Path(_FILE).open("a") as file:
        file.write(f"{address}\n")


if _FILE:
    sys.addaudithook(_watch)
