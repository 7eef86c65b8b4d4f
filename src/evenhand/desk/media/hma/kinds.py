"""HMA's signal types and content types, and hashes as its clients write them."""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from typing import Final, Literal

from evenhand.desk.media.hma.errors import Refusal
from evenhand.engine.media.hashkinds import LENGTHS

What = Literal["image", "video"]
CONTENT: Final[dict[str, What]] = {"photo": "image", "video": "video"}
FIRST: Final = {"photo": "pdq", "video": "video_md5"}
"""Of each content type the signal type that HMA has, too."""
EXACT: Final = ("md5", "sha1", "sha256")
"""Of whatever file; HMA has none of them."""
SIGNALS: Final = ("pdq", "video_md5", *EXACT)
INDEXED: Final = ("pdq",)
"""Those that are near each other; the others are the same, or not."""


def signal_type(name: str) -> str:
    """Raises Refusal."""
    if name in SIGNALS:
        return name
    raise Refusal(400, f"There is no signal type “{name[:40]}”. There are {', '.join(SIGNALS)}.")


def content_type(name: str) -> str:
    """Raises Refusal."""
    if name in CONTENT:
        return name
    raise Refusal(400, f"There is no content type “{name[:40]}”. There are {' and '.join(CONTENT)}.")


def types(written: str, content: str) -> tuple[str, ...]:
    """What is asked for, comma-separated; else HMA's own for this content type. Raises Refusal."""
    if not written:
        return (FIRST[content],)
    asked = tuple(signal_type(name.strip()) for name in written.split(","))
    possible = (FIRST[content], *EXACT)
    if wrong := [name for name in asked if name not in possible]:
        raise Refusal(400, f"A {content} has no {wrong[0]}; it has {', '.join(possible)}.")
    return asked


def signal(kind: str, written: str, where: str = "") -> bytes:
    """Raises Refusal."""
    length = LENGTHS[kind]
    try:
        value = binascii.unhexlify(written)
    except (ValueError, binascii.Error):
        value = b""
    if len(value) != length:
        raise Refusal(
            400,
            f"{where or 'The signal'} is no {kind}: {2 * length} hex digits are needed, not"
            f" “{written[:80]}” ({len(written):,} characters).",
        )
    return value


def signals(kind: str, written: Sequence[str]) -> list[bytes]:
    """Many at once. Raises Refusal, which names the first that is wrong."""
    length = LENGTHS[kind]
    try:
        joined = binascii.unhexlify("".join(written))
    except (ValueError, binascii.Error):
        joined = b""
    if len(joined) != length * len(written) or any(len(one) != 2 * length for one in written):
        return [signal(kind, one, f"signals[{number}]") for number, one in enumerate(written)]
    return [joined[at : at + length] for at in range(0, len(joined), length)]
