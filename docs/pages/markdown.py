"""Markdown, and the docstrings that Python itself forgets: those of fields."""

import ast
import inspect
from collections.abc import Iterable, Sequence
from itertools import pairwise

NOTICE = "<!-- Written by `./run docs`; edit the source that it names, not this page. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTICE, *(part for part in parts if part)]) + "\n"


def first_paragraph(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split())


def field_docs(cls: type) -> dict[str, str]:
    """The string that stands under each field of a class."""
    body = _body(cls)
    docs = {}
    for field, following in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(following, ast.Expr):
            docs[ast.unparse(field.target)] = " ".join(str(ast.literal_eval(following.value)).split())
    return docs


def annotations(cls: type) -> dict[str, str]:
    """Each field's type, as it is written."""
    return {
        ast.unparse(field.target): ast.unparse(field.annotation)
        for field in _body(cls)
        if isinstance(field, ast.AnnAssign)
    }


def _body(cls: type) -> list[ast.stmt]:
    (node,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(node, ast.ClassDef)
    return node.body
