"""What a careless edit must not undo: the ledger entry, the permission, the engine's purity, honest failures."""

import ast
import re
from collections.abc import Iterator

from tests.lints.source import Complaint, Lint, Source, dotted, last

Function = ast.FunctionDef | ast.AsyncFunctionDef
GUARDS = ("requires", "public")
CLOCKS = ("now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter")
BROAD = ("Exception", "BaseException")
LEFT_OPEN = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b|\bNotImplemented" r"Error\b")
EXCEPTION_WITHOUT_REASON = re.compile(r"#\s*noqa(?:\s*$|:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*\s*$)")
LONGEST_FILE = 400


def decision_has_ledger_entry(source: Source) -> Iterator[Complaint]:
    """A function that makes a Decision records, or is called (in its module) by functions that all do."""
    if not source.path.is_relative_to("src"):
        return
    called = {function.name: _called(function) for function in source.functions()}
    for function in source.functions():
        if not called[function.name] & {"Decision", "Decision.objects.create", "models.Decision"}:
            continue
        callers = [calls for calls in called.values() if function.name in calls]
        if not _records(called[function.name]) and not (callers and all(map(_records, callers))):
            yield Complaint(function.lineno, f"{function.name} makes a Decision and nobody records it in the ledger")


def view_has_permission(source: Source) -> Iterator[Complaint]:
    if source.app and (source.door == "views" or source.path.name == "views.py"):
        for function in source.tree.body:
            if (
                isinstance(function, Function)
                and _is_view(function)
                and not any(_is_guard(decorator) for decorator in function.decorator_list)
            ):
                yield Complaint(
                    function.lineno, f'{function.name}: say @requires(Permission.…), or @public("why everybody may")'
                )


def engine_has_no_clock(source: Source) -> Iterator[Complaint]:
    if not source.path.is_relative_to("src/evenhand/engine"):
        return
    for call in source.calls():
        name = dotted(call.func)
        if "." in name and last(call.func) in CLOCKS and name.split(".")[0] in {"datetime", "date", "time"}:
            yield Complaint(call.lineno, f"{name}(): time is passed in")


def failures_are_told(source: Source) -> Iterator[Complaint]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and all(map(_does_nothing, node.body)):
            yield Complaint(
                node.lineno, "every failure is swallowed here: catch what you expect, and say what happened"
            )
        if isinstance(node, ast.Call) and last(node.func) == "suppress" and any(map(_is_broad, node.args)):
            yield Complaint(node.lineno, "suppress(Exception) hides what nobody expected")


def nothing_is_left_open(source: Source) -> Iterator[Complaint]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if LEFT_OPEN.search(line):
            yield Complaint(number, "unfinished work is not committed: do it, or open an issue")
        if EXCEPTION_WITHOUT_REASON.search(line):
            yield Complaint(number, "an exception from a lint tells its reason in the same line")
    for call in source.calls():
        if dotted(call.func) in {"pytest.skip", "pytest.mark.skip", "pytest.mark.xfail"} and not _has_reason(call):
            yield Complaint(call.lineno, "a skipped test tells why")
    for function in source.functions():
        for decorator in function.decorator_list:
            if dotted(decorator) in {"pytest.mark.skip", "pytest.mark.xfail"}:
                yield Complaint(decorator.lineno, "a skipped test tells why")


def files_are_one_room(source: Source) -> Iterator[Complaint]:
    lines = source.text.count("\n")
    if source.path.is_relative_to("src") and source.door != "migrations" and lines > LONGEST_FILE:
        yield Complaint(1, f"{lines} lines: this file has become two rooms")


def _called(function: ast.AST) -> set[str]:
    return {dotted(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


def _records(called: set[str]) -> bool:
    return any(name.rpartition(".")[2].startswith("record") for name in called)


def _is_view(node: Function) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args]
    return not node.name.startswith("_") and bool(arguments) and arguments[0].arg == "request"


def _is_guard(decorator: ast.expr) -> bool:
    """`@requires(…)` or `@public("reason")`: called, and with something said."""
    return isinstance(decorator, ast.Call) and last(decorator.func) in GUARDS and bool(decorator.args)


def _is_broad(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Tuple):
        return any(map(_is_broad, node.elts))
    return node is None or dotted(node) in BROAD


def _does_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Pass | ast.Continue)


def _has_reason(call: ast.Call) -> bool:
    named = any(keyword.arg in {"reason", "msg"} for keyword in call.keywords)
    return named or (dotted(call.func) == "pytest.skip" and bool(call.args))


LINTS = (
    Lint(
        "decision-in-ledger",
        "A decision without its ledger entry cannot be proved to the person who was judged. Both are written by the"
        " same function, so that nobody can call one half.",
        ".py",
        decision_has_ledger_entry,
    ),
    Lint(
        "view-has-permission",
        "Peers checked only the login on some pages and showed child-safety reports to everybody. A page without a"
        " permission is a page for the world: that must be said, with its reason.",
        ".py",
        view_has_permission,
    ),
    Lint(
        "engine-has-no-clock",
        "A fold that reads the clock gives another result when it is repeated after a crash.",
        ".py",
        engine_has_no_clock,
    ),
    Lint(
        "failures-are-told",
        "A peer's hash matcher was down for days and every upload was accepted: the failure had been swallowed.",
        ".py",
        failures_are_told,
    ),
    Lint(
        "nothing-left-open",
        "A promise in a comment is kept by nobody, and a skipped test without a reason is never switched on again.",
        ".py",
        nothing_is_left_open,
    ),
    Lint(
        "one-room-per-file",
        "Files that grow past this are what their maintainers walk around.",
        ".py",
        files_are_one_room,
    ),
)
