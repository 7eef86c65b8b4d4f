"""Strangers' media, decoded in a sandboxed child: hashes, or one sentence why not; never a crash, never a pass."""

from evenhand.runtime.decode.hashing import close, hash_media, missing_seals
from evenhand.runtime.decode.process import NoDecoder
from evenhand.runtime.decode.values import Frame, Hashed, Other, Refused

__all__ = ["Frame", "Hashed", "NoDecoder", "Other", "Refused", "close", "hash_media", "missing_seals"]
