"""From bytes to an opened Pillow image: by an allow-list of its plugins, within limits, with errors in words."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from PIL.ImageFile import ImageFile

from evenhand.engine.media.kinds import Kind, sniff
from evenhand.engine.media.limits import Limits, Undecodable, check_bytes, check_size

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # the sandbox lets no thread begin

PLUGINS: Final[dict[str, type[ImageFile]]] = {
    "avif": AvifImagePlugin.AvifImageFile,
    "bmp": BmpImagePlugin.BmpImageFile,
    "gif": GifImagePlugin.GifImageFile,
    "jpeg": JpegImagePlugin.JpegImageFile,
    "png": PngImagePlugin.PngImageFile,
    "tiff": TiffImagePlugin.TiffImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
}
_TRUNCATED: Final = re.compile(r"truncated|unexpected end|Truncated|decoder error -2|buffer is not large enough")
_LONGEST: Final = 160


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[tuple[ImageFile, Kind]]:
    """The image, its pixels not yet decoded, and its kind. Whatever fails within the block is told as Undecodable."""
    check_bytes(data, limits)
    kind = sniff(data)
    if kind.family != "picture":
        raise Undecodable(kind.why_not or f"{kind.name} is video, not a picture")
    if kind.name == "webp":
        check_size(*_webp_size(data), limits)  # its decoder makes the whole canvas when it is opened
    with _in_words(kind, len(data), cut=kind.name == "webp" and _is_cut(data)), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with PLUGINS[kind.name](io.BytesIO(data)) as image:
            check_size(*image.size, limits)
            yield image, kind


@contextmanager
def _in_words(kind: Kind, count: int, *, cut: bool) -> Iterator[None]:
    """`cut`: it says itself that it is longer."""
    try:
        yield
    except Undecodable:
        raise
    except MemoryError:
        raise Undecodable(f"this {kind.name.upper()} needs more memory than a picture may have") from None
    except Exception as error:  # noqa: BLE001 (damaged files bring all kinds of errors out of plugins)
        words = " ".join(str(error).split())[:_LONGEST].rstrip(".") or type(error).__name__
        if cut or isinstance(error, EOFError) or _TRUNCATED.search(words):
            raise Undecodable(f"truncated {kind.name.upper()}: it ends after {count:,} bytes") from None
        raise Undecodable(f"damaged {kind.name.upper()}: {words}") from None


def _is_cut(data: bytes) -> bool:
    """A WEBP says how long it is (RFC 9649 §2.4); its decoder does not say that it misses something."""
    return int.from_bytes(data[4:8], "little") + 8 > len(data)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height by the first chunk (RFC 9649 §2.5–2.7)."""
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:  # noqa: PLR2004 (all three headers fit into 10 bytes)
        raise Undecodable(f"truncated WEBP: it ends after {len(data):,} bytes")
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    raise Undecodable("damaged WEBP: it begins with no picture")
