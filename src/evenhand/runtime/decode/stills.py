"""Six pictures of a film, side by side, so that nobody has to play it: decoded under the same seals, never written."""

from __future__ import annotations

import io
import time
from typing import Final

from evenhand.engine.media.kinds import sniff
from evenhand.engine.media.limits import DEFAULT, Limits, Undecodable, check_bytes
from evenhand.runtime.decode import video
from evenhand.runtime.decode.pgm import Picture
from evenhand.runtime.decode.process import NoDecoder

STILLS: Final = 6
COLUMNS: Final = 3
SECONDS: Final = 60.0
"""By the clock: somebody waits."""
_KEPT: Final = 2 * STILLS


def stills(data: bytes, limits: Limits = DEFAULT) -> bytes | str:
    """A PNG in grey, three by two, evenly spread over what was decoded; or one sentence why there is none."""
    kind = sniff(data)
    try:
        check_bytes(data, limits)
    except Undecodable as why:
        return str(why)
    if kind.family != "video":
        return f"It is no film, but {kind.name.upper()}."
    try:
        found = spread(video.frames(data, kind, limits, until=time.monotonic() + SECONDS))
    except NoDecoder as why:
        return f"There are no stills: {why}."
    return sheet(found) if found else "No frame of this film can be decoded."


def spread(pictures: video.Pictures) -> list[Picture]:
    """At most six of them, evenly spread; while they come in, no more than twice as many are held."""
    kept: list[Picture] = []
    every = 1
    for number, picture in enumerate(pictures):
        if number % every == 0:
            kept.append(picture)
        if len(kept) > _KEPT:
            kept, every = kept[::2], every * 2
    if len(kept) <= STILLS:
        return kept
    return [kept[round(place * (len(kept) - 1) / (STILLS - 1))] for place in range(STILLS)]


def sheet(pictures: list[Picture]) -> bytes:
    """Encoded here: what comes from the decoder are levels of grey, counted and bounded."""
    from PIL import Image  # noqa: PLC0415 (a desk that shows no film does not load it)

    width, height = max(one.width for one in pictures), max(one.height for one in pictures)
    rows = -(-len(pictures) // COLUMNS)
    whole = Image.new("L", (COLUMNS * width, rows * height))
    for place, one in enumerate(pictures):
        picture = Image.frombytes("L", (one.width, one.height), one.levels)
        whole.paste(picture, (place % COLUMNS * width, place // COLUMNS * height))
    held = io.BytesIO()
    whole.save(held, "PNG")
    return held.getvalue()
