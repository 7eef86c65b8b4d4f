"""Logs: one JSON object a line on stderr, with nothing in it that could out a reporter, a target or media."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SAYABLE = frozenset({
    "event", "level", "logger", "timestamp", "exception", "request_id", "case_id", "actor_id", "event_id", "part",
    "seconds", "milliseconds", "work", "destination", "status", "error", "message_id", "path", "method", "count",
    "version", "reason", "operation", "problem", "list",
})  # fmt: skip
"""Keys whose values may be written. Whatever is not listed is named, not told: content, addresses, hashes, names."""


def configure(level: str) -> None:
    """For the processes that serve and work; commands print for people instead."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def redact(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace each value whose key is not on the list of what may be said."""
    for key in line:
        if key not in SAYABLE:
            line[key] = "[redacted]"
    return line
