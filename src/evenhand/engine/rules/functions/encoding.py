"""Functions that encode and hash strings (as UTF-8)."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode, b64encode

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.functions.strings import bound
from evenhand.engine.rules.values import Expected

FAMILY = Family()


@FAMILY.add("Base64Encode", cost=3)
def base64_encode(input: str) -> str:
    """The string in Base64 (RFC 4648, with padding).

    Error: the result would be longer than 1,000,000 characters.
    """
    given = _bytes(input)
    bound((len(given) + 2) // 3 * 4)
    return b64encode(given).decode()


@FAMILY.add("Base64Decode", cost=3)
def base64_decode(input: str) -> str:
    """The string that Base64 stands for; the URL-safe alphabet, missing padding and white space are taken.

    No value: it is no Base64, or what it stands for is no text in UTF-8.
    """
    compact = "".join(input.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return b64decode(compact + "=" * (-len(compact) % 4), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Expected from error


@FAMILY.add("HashMd5", cost=5, total=True)
def hash_md5(input: str) -> str:
    """The MD5 hash in hexadecimal, 32 characters. For matching lists of others only: it can be forged."""
    return hashlib.md5(_bytes(input), usedforsecurity=False).hexdigest()


@FAMILY.add("HashSha1", cost=5, total=True)
def hash_sha1(input: str) -> str:
    """The SHA-1 hash in hexadecimal, 40 characters. For matching lists of others only: it can be forged."""
    return hashlib.sha1(_bytes(input), usedforsecurity=False).hexdigest()


@FAMILY.add("HashSha256", cost=5, total=True)
def hash_sha256(input: str) -> str:
    """The SHA-256 hash in hexadecimal, 64 characters."""
    return hashlib.sha256(_bytes(input)).hexdigest()


@FAMILY.add("HashSha512", cost=5, total=True)
def hash_sha512(input: str) -> str:
    """The SHA-512 hash in hexadecimal, 128 characters."""
    return hashlib.sha512(_bytes(input)).hexdigest()


def _bytes(text: str) -> bytes:
    """JSON may hold half of a surrogate pair, which UTF-8 has no form for."""
    return text.encode(errors="surrogatepass")
