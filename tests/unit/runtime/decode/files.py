"""Files that mean no good, made by hand: bombs, and pictures that are something else as well."""

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def picture(kind: str = "JPEG", side: int = 64, **options: object) -> bytes:
    """Harmless: a gradient across another one."""
    across = Image.linear_gradient("L").resize((side, side))
    image = Image.merge(
        "RGB", (across, across.transpose(Image.Transpose.ROTATE_90), Image.radial_gradient("L").resize((side, side)))
    )
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def film_of(frames: int, kind: str = "GIF") -> bytes:
    """Each frame a little different, so that none can be left out."""
    pictures = [Image.new("L", (8, 8), at % 256) for at in range(frames)]
    file = BytesIO()
    pictures[0].save(file, kind, save_all=True, append_images=pictures[1:], duration=20)
    return file.getvalue()


def archive() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("note.txt", "hidden behind a picture")
    return file.getvalue()


def deep_tiff(pages: int) -> bytes:
    """A TIFF whose directories follow each other, page after page, all over the same pixel."""
    page = 2 + 9 * 12 + 4
    body = bytearray(b"II*\0" + struct.pack("<I", 12) + b"\x80\0\0\0")
    for number in range(pages):
        entries = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1))
        following = 12 + (number + 1) * page if number + 1 < pages else 0
        body += struct.pack("<H", len(entries))
        body += b"".join(struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in entries)
        body += struct.pack("<I", following)
    return bytes(body)
