"""The platform document: its values, reading it with precise errors, comparing it, writing it back."""

from evenhand.engine.platform.checks import check
from evenhand.engine.platform.compare import Change, Edit, diff
from evenhand.engine.platform.document import (
    CHILD_SAFETY_QUEUE,
    DEFAULT_QUEUE,
    MAX_ID,
    PARTIAL_ITEMS,
    RESERVED_KEYS,
    SECTIONS,
    Action,
    Container,
    Destination,
    Field,
    FieldRole,
    FieldType,
    ItemType,
    Lane,
    Parameter,
    Platform,
    Policy,
    Queue,
    Role,
    Template,
    WordList,
)
from evenhand.engine.platform.export import export
from evenhand.engine.platform.parse import parse
from evenhand.engine.platform.problems import Invalid, Problem
from evenhand.engine.platform.snapshot import Snapshot, snapshot, tree

__all__ = [
    "CHILD_SAFETY_QUEUE",
    "DEFAULT_QUEUE",
    "MAX_ID",
    "PARTIAL_ITEMS",
    "RESERVED_KEYS",
    "SECTIONS",
    "Action",
    "Change",
    "Container",
    "Destination",
    "Edit",
    "Field",
    "FieldRole",
    "FieldType",
    "Invalid",
    "ItemType",
    "Lane",
    "Parameter",
    "Platform",
    "Policy",
    "Problem",
    "Queue",
    "Role",
    "Snapshot",
    "Template",
    "WordList",
    "check",
    "diff",
    "export",
    "parse",
    "snapshot",
    "tree",
]
