"""Python inside a desk of a black-box test, for what no command tells or does."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def run(code: str, folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """What `code` prints, with Django's settings on the desk in `folder`."""
    django = {"DJANGO_SETTINGS_MODULE": "evenhand.desk.settings", "EVENHAND_DATA": str(folder), "EVENHAND_CONFIG": ""}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **(env or {}), **django},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout


def told_when(code: str, folder: Path, reached: Callable[[Any], object], *, patience: float) -> Any:
    """What `code` prints as JSON, once that is `reached`. Asked seldom: each asking costs a second of a core."""
    deadline = time.monotonic() + patience
    while not reached(told := json.loads(run(code, folder))):
        assert time.monotonic() < deadline, told
        time.sleep(2.0)
    return told


def ask(folder: Path, question: str) -> Any:
    """The one value that SQL finds in a desk on SQLite."""
    with closing(sqlite3.connect(folder / "desk.sqlite3")) as database:
        return database.execute(question).fetchone()[0]
