"""What can be done with rules: publish, move through their life, mark entities, count."""

from evenhand.desk.rules.services.guard import guard
from evenhand.desk.rules.services.labels import mark
from evenhand.desk.rules.services.lives import Refused, move, step_back
from evenhand.desk.rules.services.publishing import (
    Conflict,
    Published,
    TestsFailed,
    check,
    publish,
    read_tests,
    warnings,
)
from evenhand.desk.rules.services.recording import record_fires
from evenhand.desk.rules.services.saving import forget_query, save_query

__all__ = [
    "Conflict",
    "Published",
    "Refused",
    "TestsFailed",
    "check",
    "forget_query",
    "guard",
    "mark",
    "move",
    "publish",
    "read_tests",
    "record_fires",
    "save_query",
    "step_back",
    "warnings",
]
