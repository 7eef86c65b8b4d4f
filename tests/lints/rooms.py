"""Who reads, who writes, and who may know whose models."""

import ast
import re
from collections.abc import Iterator

from tests.lints.source import DOORS, Complaint, Lint, Source, dotted

LAYERS = (
    ("web",),
    ("dueprocess", "duty", "media", "referral"),
    ("enforcement",),
    ("cases",),
    ("signals",),
    ("rules",),
    ("intake",),
    ("accounts", "policies", "audit"),
)
HEIGHT = {app: -level for level, apps in enumerate(LAYERS) for app in apps}
KEEPERS = (*DOORS, "models", "migrations")
WRITTEN = re.compile(rf"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+({'|'.join(HEIGHT)})_\w+")
READ = re.compile(rf"\b(?:FROM|JOIN)\s+({'|'.join(HEIGHT)})_\w+")


def queries_only_in_doors(source: Source) -> Iterator[Complaint]:
    if not source.path.is_relative_to("src/evenhand") or source.door in KEEPERS or source.path.name == "sql.py":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            yield Complaint(node.lineno, f"{dotted(node)}: ask queries, or write through services")
        if isinstance(node, ast.Call) and dotted(node.func) == "connection.cursor":
            yield Complaint(node.lineno, "raw SQL: it belongs in queries or services")
        if isinstance(node, ast.ImportFrom) and node.module == "evenhand.desk" and _names(node) & {"sql"}:
            yield Complaint(node.lineno, "desk.sql: it belongs in queries or services")


def models_stay_in_their_app(source: Source) -> Iterator[Complaint]:
    if not source.path.is_relative_to("src"):
        return
    for node in _imported_at_run_time(source.tree):
        for module in _modules(node):
            parts = module.split(".")
            if parts[:2] == ["evenhand", "desk"] and parts[3:4] == ["models"] and parts[2] != source.app:
                yield Complaint(node.lineno, f"{module}: call {parts[2]}.services or {parts[2]}.queries instead")


def tables_stay_in_their_app(source: Source) -> Iterator[Complaint]:
    if not source.app or source.door == "migrations":
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        for app in WRITTEN.findall(node.value):
            if app != source.app:
                yield Complaint(node.lineno, f"writes a table of {app}: only {app}.services may")
        for app in READ.findall(node.value):
            if HEIGHT[app] > HEIGHT.get(source.app, 0):
                yield Complaint(node.lineno, f"reads a table of {app}, which stands above {source.app}")


def _imported_at_run_time(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not (isinstance(node, ast.If) and dotted(node.test).endswith("TYPE_CHECKING")):
            yield from _imported_at_run_time(node)


def _modules(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        return (alias.name for alias in node.names)
    return (f"{node.module}.{alias.name}" for alias in node.names)


def _names(node: ast.ImportFrom) -> set[str]:
    return {alias.name for alias in node.names}


LINTS = (
    Lint(
        "queries-in-doors",
        "A page that queries by itself is the page that shows one role what only another may see, and the one that"
        " makes a query for each row. All reading is in queries, all writing in services, where both are tested.",
        ".py",
        queries_only_in_doors,
    ),
    Lint(
        "models-at-home",
        "A room that writes another room's rows goes round its ledger entry, its transaction and its rules. Rooms meet"
        " at services and queries only (a type annotation under TYPE_CHECKING is no meeting).",
        ".py",
        models_stay_in_their_app,
    ),
    Lint(
        "tables-at-home",
        "The same for raw SQL: a join may look down into a lower room's tables, but never up, and never writes there.",
        ".py",
        tables_stay_in_their_app,
    ),
)
