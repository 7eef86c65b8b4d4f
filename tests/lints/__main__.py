"""Runs every lint over the checkout; exit code 1 and one line for each complaint when there is any."""

import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tests.lints import pages, promises, rooms
from tests.lints.source import Lint, Source

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("src", "tests", "bench", "docs")
LINTS = (*rooms.LINTS, *promises.LINTS, *pages.LINTS)


def complaints(lints: tuple[Lint, ...], sources: Iterator[Source]) -> Iterator[str]:
    for source in sources:
        for lint in lints:
            if source.path.suffix == lint.suffix:
                for complaint in lint.check(source):
                    yield f"{source.path}:{complaint.line}: [{lint.name}] {complaint.text}"


def checkout() -> Iterator[Source]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".py", ".html"}:
                yield Source(PurePosixPath(path.relative_to(ROOT).as_posix()), path.read_text("utf-8"))


def main() -> int:
    found = list(complaints(LINTS, checkout()))
    broken = {line.partition("[")[2].partition("]")[0] for line in found}
    for line in found:
        print(line)
    for lint in LINTS:
        if lint.name in broken:
            print(f"\n{lint.name}: {lint.why}")
    if not found:
        print(f"House lints: {len(LINTS)} kept, 0 broken.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
