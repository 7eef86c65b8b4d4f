"""How a pytest run ended, as counts that `python -m tests` can add up.

A pytest plugin: it writes JSON to the file named by EVENHAND_TEST_TALLY.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest

OUTCOMES = {
    "passed": ("passed", "xpassed"),
    "failed": ("failed", "error"),
    "skipped": ("skipped", "xfailed"),
}


class Tally(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":  # type: ignore[override]
        return Tally(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    target = os.environ.get("EVENHAND_TEST_TALLY")
    if target:
        Path(target).write_text(json.dumps(count(terminalreporter.stats)._asdict()), "utf-8")


def count(stats: dict[str, list[object]]) -> Tally:
    return Tally(**{name: sum(len(stats.get(key, [])) for key in keys) for name, keys in OUTCOMES.items()})


def read(file: Path) -> Tally:
    """What the run wrote. A run that died before its summary counts as one failure."""
    if not file.exists():
        return Tally(failed=1)
    return Tally(**json.loads(file.read_text("utf-8")))
