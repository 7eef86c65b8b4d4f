"""Item types: their fields, and what roles these play."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.engine.platform.checks.ids import identifier
from evenhand.engine.platform.document import Field, ItemType, Platform
from evenhand.engine.platform.problems import Problem, quoted

TYPES_OF_ROLE = {
    "creator": ("RELATED_ITEM", "USER_ID"),
    "thread": ("RELATED_ITEM",),
    "parent": ("RELATED_ITEM",),
    "created_at": ("DATETIME",),
    "name": ("STRING",),
    "icon": ("IMAGE",),
    "background": ("IMAGE",),
    "deleted": ("BOOLEAN",),
    "ip": ("IP_ADDRESS",),
    "email": ("EMAIL_ADDRESS",),
    "views": ("NUMBER",),
    "language": ("STRING",),
}
ROLES_OF_KIND = {
    "content": ("creator", "thread", "parent", "created_at", "name", "deleted", "ip", "views", "language"),
    "user": ("created_at", "name", "icon", "background", "deleted", "ip", "email", "language"),
    "thread": ("creator", "created_at", "name", "deleted", "views", "language"),
}


def check(platform: Platform) -> Iterator[Problem]:
    names: dict[str, int] = {}
    for at, item_type in enumerate(platform.item_types):
        path = f"item_types[{at}]"
        yield from _fields(item_type, path)
        if item_type.name in names:
            found = f"{quoted(item_type.name)}, as in item_types[{names[item_type.name]}]"
            yield Problem(path=f"{path}.name", expected="a name that no other item type has", found=found)
        names.setdefault(item_type.name, at)


def _fields(item_type: ItemType, path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    roles: set[str] = set()
    for at, field in enumerate(item_type.fields):
        place = f"{path}.fields[{at}]"
        yield from identifier(field.name, f"{place}.name")
        if field.name in seen:
            yield Problem(path=f"{place}.name", expected="each field once", found=f"{quoted(field.name)} again")
        seen.add(field.name)
        if field.role is None:
            continue
        if field.role in roles:
            yield Problem(path=f"{place}.role", expected="each role once", found=f"{quoted(field.role)} again")
        roles.add(field.role)
        yield from _role(field, item_type.kind, place)
    if "thread" in roles and "created_at" not in roles:
        yield Problem(
            path=f"{path}.fields",
            expected='a field with the role "created_at", because one has the role "thread"',
            found=f"the roles {', '.join(sorted(roles))}",
            example='{ name = "created_at", type = "DATETIME", role = "created_at" }',
        )


def _role(field: Field, kind: str, place: str) -> Iterator[Problem]:
    assert field.role is not None
    if field.role not in ROLES_OF_KIND[kind]:
        expected = f"a role for a type of the kind {kind}: {', '.join(ROLES_OF_KIND[kind])}"
        yield Problem(path=f"{place}.role", expected=expected, found=quoted(field.role))
    fitting = TYPES_OF_ROLE[field.role]
    if field.type not in fitting:
        expected = f'{" or ".join(fitting)} for the role "{field.role}"'
        yield Problem(path=f"{place}.type", expected=expected, found=field.type, example=f'type = "{fitting[0]}"')
    if field.container is not None:
        expected = f'a single value for the role "{field.role}"'
        yield Problem(path=f"{place}.container", expected=expected, found=quoted(field.container))
