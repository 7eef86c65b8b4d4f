"""The categories of the EU transparency database (Digital Services Act), as `dsa_categories.toml` lists them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct


class Category(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    """STATEMENT_CATEGORY_…, as the database's schema has it."""
    name: str
    choose: str
    """When a policy belongs here."""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    category: tuple[Category, ...]


@cache
def categories() -> dict[str, Category]:
    """Each category by its code, in the order of the file."""
    text = resources.files("evenhand.data").joinpath("dsa_categories.toml").read_text("utf-8")
    file = msgspec.convert(tomllib.loads(text), _File)
    return {category.code: category for category in file.category}
