"""Outgoing HTTP that cannot be talked into anything: checked and pinned addresses, no redirects, limits on all."""

from evenhand.runtime.fetch.addresses import refusal
from evenhand.runtime.fetch.call import Answer, Request, Response, fetch, stream
from evenhand.runtime.fetch.errors import (
    BadAddress,
    FetchError,
    Garbled,
    PrivateAddress,
    TooBig,
    TooSlow,
    Unreachable,
)
from evenhand.runtime.fetch.resolve import Resolver

__all__ = [
    "Answer",
    "BadAddress",
    "FetchError",
    "Garbled",
    "PrivateAddress",
    "Request",
    "Resolver",
    "Response",
    "TooBig",
    "TooSlow",
    "Unreachable",
    "fetch",
    "refusal",
    "stream",
]
