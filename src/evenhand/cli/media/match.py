"""`evenhand media match`: which banks files or hashes are in."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from evenhand.cli.common import data_option, fail, ready_database
from evenhand.cli.media.hashing import FILES, hashes_of
from evenhand.cli.rules.folder import printable


@click.command()
@click.argument("files", nargs=-1, type=FILES)
@click.option("--hash", "hashes", multiple=True, metavar="KIND:HEX", help="A hash instead of a file; may be repeated.")
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a line: what was asked, and its matches.")
@data_option
def match(files: tuple[Path, ...], hashes: tuple[str, ...], *, wants_json: bool) -> None:
    """Tell which entries of which banks are near: bank, list, entry, distance. Nothing is kept of the question. Of
    films and animated pictures each frame is asked, and of films it is told how many are near: the desk itself takes
    a film for a match when four fifths of its frames are.

    Exit code 1 when a file could not be looked at, or not all of it: then "no match" is not said of it.

    \b
    evenhand media match picture.jpg --data ./desk
    evenhand media match --hash md5:9e107d9d372bb6826bd81d3542a419d6 --data ./desk --json
    """
    if not files and not hashes:
        raise click.UsageError("Name files, or hashes by --hash KIND:HEX.")
    ready_database()
    unseen = False
    for asked, given, error in [*_of_files(files), *_of_hashes(hashes)]:
        unseen = unseen or bool(error)
        found = _matches(given)
        told = {"asked": asked, "matches": found} | ({"error": error} if error else {})
        click.echo(msgspec.json.encode(told) if wants_json else _as_text(told))
    sys.exit(1 if unseen else 0)


Asked = tuple[str, list[tuple[str, str]], str]


def _of_files(files: tuple[Path, ...]) -> list[Asked]:
    answers = []
    for file in files:
        told = hashes_of(file)
        answers.append((str(file), [*told["hashes"].items(), *_further(told)], told.get("error", "") or _part(told)))
    return answers


def _further(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """As the desk asks: a film's frames together, those that say anything; all else each by itself."""
    from evenhand.engine.detect.knownmedia import GOOD

    if "video_md5" in told["hashes"]:
        yield from (("vpdq", one["pdq"]) for one in told.get("frames", ()) if one["quality"] >= GOOD)
    else:
        yield from (("pdq", one["pdq"]) for part in ("others", "frames") for one in told.get(part, ()))


def _part(told: dict[str, Any]) -> str:
    return "" if told.get("whole", True) else "Not all of it was looked at."


def _of_hashes(hashes: tuple[str, ...]) -> list[Asked]:
    from evenhand.runtime.mediakinds import written_problem

    answers: list[Asked] = []
    for one in hashes:
        kind, _, value = one.partition(":")
        if problem := written_problem(kind, value):
            fail(f"--hash {one[:80]}: {problem} It is written as KIND:HEX.", code=2)
        answers.append((one, [(kind, value)], ""))
    return answers


def _matches(given: list[tuple[str, str]]) -> list[dict[str, Any]]:
    from evenhand.desk.media.queries import matching

    best: dict[int, dict[str, Any]] = {}
    frames: Counter[int] = Counter()
    for kind, value in given:
        raw = bytes.fromhex(value)
        for near in matching.match(kind, [raw], share=False).get(raw, ()):
            frames[near.entry] += kind == "vpdq"
            told = {
                "bank": near.bank, "policy": near.policy, "list": near.list, "entry": near.entry, "kind": near.kind,
                "distance": near.distance,
            }  # fmt: skip
            if near.entry not in best or near.distance < best[near.entry]["distance"]:
                best[near.entry] = told
    asked = sum(kind == "vpdq" for kind, _value in given)
    for entry, told in best.items():
        if frames[entry]:
            told |= {"frames": frames[entry], "of_frames": asked}
    return sorted(best.values(), key=lambda one: (one["distance"], one["bank"], one["entry"]))


def _as_text(told: dict[str, Any]) -> str:
    lines = [printable(told["asked"])]
    lines += [
        f"  {one['bank']}: entry {one['entry']} of {one['list'] or 'this desk'},"
        f" {one['kind']} at distance {one['distance']}"
        + (f", {one['frames']:,} of {one['of_frames']:,} frames" if "frames" in one else "")
        for one in told["matches"]
    ]
    if "error" in told:
        lines.append(f"  {printable(told['error'])}")
    elif not told["matches"]:
        lines.append("  no match")
    return "\n".join(lines)
