"""What kind of file some bytes are, by their first bytes: never by a name or by what a sender says."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Family = Literal["picture", "video", "other"]


class Kind(Struct, frozen=True):
    """`name` as people say it in lower case. `why_not`: the sentence that refuses it; "" where it can be decoded."""

    name: str
    family: Family
    why_not: str = ""


def _other(name: str, why_not: str) -> Kind:
    return Kind(name, "other", why_not)


NOTHING = _other("nothing", "the file is empty")
UNKNOWN = _other("unknown", "its first bytes are those of no picture or video that is decoded here")

_MAGIC = {
    b"\xff\xd8\xff": Kind("jpeg", "picture"),
    b"\x89PNG\r\n\x1a\n": Kind("png", "picture"),
    b"GIF87a": Kind("gif", "picture"),
    b"GIF89a": Kind("gif", "picture"),
    b"BM": Kind("bmp", "picture"),
    b"II*\0": Kind("tiff", "picture"),
    b"MM\0*": Kind("tiff", "picture"),
    b"\x1aE\xdf\xa3": Kind("matroska", "video"),
    b"FLV\x01": Kind("flv", "video"),
    b"OggS": Kind("ogg", "video"),
    b"\0\0\x01\xba": Kind("mpeg", "video"),
    b"\0\0\x01\xb3": Kind("mpeg", "video"),
    b"\0\0\0\x0cJXL ": _other("jpeg xl", "JPEG XL is not decoded here: Pillow has no decoder for it"),
    b"\xff\n": _other("jpeg xl", "JPEG XL is not decoded here: Pillow has no decoder for it"),
    b"\0\0\0\x0cjP  ": _other("jpeg 2000", "JPEG 2000 is not among the kinds that are decoded here"),
    b"II+\0": _other("bigtiff", "BigTIFF is not among the kinds that are decoded here"),
    b"MM\0+": _other("bigtiff", "BigTIFF is not among the kinds that are decoded here"),
    b"8BPS": _other("photoshop", "Photoshop's files are not decoded here"),
    b"\0\0\x01\0": _other("icon", "icons are not decoded here"),
    b"%PDF-": _other("pdf", "a PDF is no picture"),
    b"PK\x03\x04": _other("zip", "a ZIP is no picture"),
    b"<svg": _other("svg", "SVG is a program, not a picture: it is not run here"),
    b"<?xml": _other("xml", "XML, thus SVG, is a program, not a picture: it is not run here"),
}
_BRANDS = {
    b"avif": Kind("avif", "picture"),
    b"avis": Kind("avif", "picture"),
    **dict.fromkeys(
        (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"),
        _other("heic", "HEIC is not decoded here: Pillow has no decoder for it"),
    ),
}
_VAGUE = {b"mif1", b"msf1", b"miaf"}
"""Major brands that say "pictures in some coding"; the compatible ones say in which."""
_RIFF = {b"WEBP": Kind("webp", "picture"), b"AVI ": Kind("avi", "video")}
_MOV_ATOMS = {b"moov", b"mdat", b"free", b"skip", b"wide"}
_TS_PACKET, _TS_SYNC = 188, b"G"
_MOST_BRANDS = 32


def sniff(data: bytes) -> Kind:
    """The kind of `data`; UNKNOWN or NOTHING where there is none."""
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12], UNKNOWN)
    if data[4:8] == b"ftyp":
        return _boxed(data)
    if data[4:8] in _MOV_ATOMS:
        return Kind("mp4", "video")
    if _is_transport_stream(data):
        return Kind("mpegts", "video")
    return next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), UNKNOWN if data else NOTHING)


def _is_transport_stream(data: bytes) -> bool:
    return all(data[packet * _TS_PACKET : packet * _TS_PACKET + 1] == _TS_SYNC for packet in range(3))


def _boxed(data: bytes) -> Kind:
    """ISO base media files (ISO/IEC 14496-12 §4.3): the major brand tells, or the compatible ones where it is vague."""
    size = min(int.from_bytes(data[:4], "big"), 16 + 4 * _MOST_BRANDS)
    major = data[8:12]
    if major in _BRANDS:
        return _BRANDS[major]
    if major in _VAGUE:
        brands = [data[at : at + 4] for at in range(16, size, 4)]
        return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), UNKNOWN)
    return Kind("mp4", "video")
