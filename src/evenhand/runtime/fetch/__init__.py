"""Outgoing HTTP that cannot be talked into anything: checked and pinned addresses, no redirects, limits on all."""

from evenhand.runtime.fetch.addresses import refusal
from evenhand.runtime.fetch.call import Answer, Request, Response, fetch, stream
from evenhand.runtime.fetch.errors import (
    BadAddress,
    BadStatus,
    FetchError,
    Garbled,
    NotMedia,
    PrivateAddress,
    TooBig,
    TooSlow,
    Unreachable,
)
from evenhand.runtime.fetch.media import Fetched, fetch_media
from evenhand.runtime.fetch.resolve import Resolver

__all__ = [
    "Answer",
    "BadAddress",
    "BadStatus",
    "FetchError",
    "Fetched",
    "Garbled",
    "NotMedia",
    "PrivateAddress",
    "Request",
    "Resolver",
    "Response",
    "TooBig",
    "TooSlow",
    "Unreachable",
    "fetch",
    "fetch_media",
    "refusal",
    "stream",
]
