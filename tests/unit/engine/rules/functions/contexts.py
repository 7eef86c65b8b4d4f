"""Runs of one event, for functions that ask for more than their arguments."""

from datetime import UTC, datetime, timedelta

from evenhand.engine.rules.functions import BUILT_IN
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.state import MemoryState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = 1_000_000


class FixedServices:
    """Chance that comes out as it is told, and one domain with mail exchangers."""

    def __init__(self, number=0.5):
        self.number = number
        self.asked = []

    def random(self, key):
        self.asked.append(key)
        return self.number

    def mx_hosts(self, domain):
        return {"example.com": ["mx1.example.com", "mx2.example.com"], "empty.example": []}.get(domain)


def context(data=None, *, event=1, after=0.0, state=None, services=None, lists=None):
    """`after`: seconds after noon."""
    at = NOON + timedelta(seconds=after)
    return Context(
        action_name="post", action_id=event, data=data or {}, at=at, micros=round(at.timestamp() * SECOND), state=state,
        services=services, lists=lists or {}, errors=[],
    )  # fmt: skip


def memory():
    return MemoryState()


def call(name, run=None, /, **arguments):
    """A built-in as the engine calls it: by position, defaults filled in, behind the context if it asks for one."""
    function = BUILT_IN[name]
    given = [arguments.pop(one.name, one.default) for one in function.parameters]
    assert not arguments
    return function.call(*([run] if function.context else []), *given)
