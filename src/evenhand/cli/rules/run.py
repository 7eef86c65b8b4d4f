"""`evenhand rules run`: the rules over events in a file, one result a line, on a state that goes on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec
from msgspec import Struct

from evenhand.cli.common import fail
from evenhand.cli.rules import folder as folders

LONGEST_LINE = 16_000_000


class Line(Struct, frozen=True):
    """One event. Without an id it has the number of its line, so that events without ids still count one by one.
    Without a time it comes together with the one before; the first then has that of tests."""

    action_name: str
    data: dict[str, Any]
    timestamp: datetime | None = None
    action_id: int | None = None


@click.command()
@click.argument("folder", type=folders.FOLDER)
@click.option("--events", type=click.File("rb"), required=True, help="Events as JSON lines; - for standard input.")
@folders.mode_options
def run(folder: Path, *, events: BinaryIO, strict: bool | None) -> None:
    """Run the rules in FOLDER over events, and print one result a line: features, effects, labels, verdicts, the rules
    that fired, errors.

    Events are taken in the order of the file. Counters go on from event to event, and labels that rules set are there
    for later ones, as if every rule were live.

    Exit code 0: every line was run. 1: a line is no event (told with its number; the others are run), or the rules have
    mistakes. 2: usage.

    \b
    evenhand rules run ./rules --events events.jsonl > results.jsonl
    head -100 events.jsonl | evenhand rules run ./rules --events - | jq .fired

    An event:

    \b
    {"action_name": "post", "timestamp": "2026-01-01T12:00:00Z", "data": {"text": "hello"}, "action_id": 7}

    Without a timestamp it comes at the time of the one before; the first one then at 2026-01-01T12:00:00Z, as in tests.
    """
    from evenhand.engine.rules import nesting, replay
    from evenhand.engine.rules.state import MemoryState
    from evenhand.runtime.ruletests import DEFAULT_AT

    rules = folders.read_or_exit(folder, strict=strict)
    state, out, bad = MemoryState(limits=rules.limits), sys.stdout.buffer, 0
    at = DEFAULT_AT
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(Line).decode
    with folders.progress("Running", _size(events)) as done:
        for number, line in _lines(events):
            done(len(line))
            try:
                event = nesting.read(decode, line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                bad += 1
                click.echo(f"line {number}: {folders.printable(str(error))}", err=True)
                continue
            at = event.timestamp or at
            id_ = number if event.action_id is None else event.action_id
            result = replay.play(rules, state, event.action_name, event.data, at=at, action_id=id_)
            out.write(encode(result) + b"\n")
    out.flush()
    if bad:
        fail(f"{folders.count(bad, 'line')} could not be read; the others were run.")


def _lines(events: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers. One that is too long is cut, and so is no JSON."""
    number = 0
    while line := events.readline(LONGEST_LINE):
        number += 1
        cut = not line.endswith(b"\n")
        while cut and (rest := events.readline(LONGEST_LINE)):
            cut = not rest.endswith(b"\n")
        if line.strip():
            yield number, line


def _size(events: BinaryIO) -> int:
    """Bytes of a file; 0 of a stream."""
    try:
        return os.fstat(events.fileno()).st_size
    except OSError:
        return 0
