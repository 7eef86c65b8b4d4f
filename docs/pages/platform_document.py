"""The platform document: every table and key of platform.toml, and what is checked."""

import msgspec
from msgspec import inspect as types

from docs.pages import markdown
from evenhand.data import dsa
from evenhand.engine import platform
from evenhand.engine.platform.checks.destinations import MAX_TIMEOUT
from evenhand.engine.platform.checks.fields import ROLES_OF_KIND, TYPES_OF_ROLE
from evenhand.engine.platform.shape import description

INTRODUCTION = """\
What `evenhand apply FILE` reads: the whole of a platform, as one TOML document. It shows the difference to the version
in force first, tells every mistake at once with its line, and refuses what would orphan open cases. Every version is
kept. [How to write one](../how-to/describe-your-platform.md) goes through it step by step."""
TABLES: dict[str, type[msgspec.Struct]] = {
    "item_types": platform.ItemType,
    "item_types.fields": platform.Field,
    "policies": platform.Policy,
    "actions": platform.Action,
    "actions.parameters": platform.Parameter,
    "destinations": platform.Destination,
    "queues": platform.Queue,
    "lists": platform.WordList,
    "templates": platform.Template,
}
CHECKS = """\
## What is checked

A document is taken whole or refused whole. Besides unknown keys and wrong types, these are mistakes:

- An id or the name of a field that is empty, longer than {max_id} characters, or not on one line; an id twice in its
  section. Otherwise ids may be anything: those of another system are kept.
- Control characters in any text.
- A reference to an item type, policy, action or destination that is not there.
- Two item types of one name; a field or a role twice in a type; a role that does not fit its kind or type (below); the
  role `thread` without the role `created_at`.
- Policies that are above themselves; `harm` of 0 or less; a policy below one of child safety that is not about it.
- An action's key that is not one letter from a to z, that another action in use has, or that the console keeps for
  itself: {reserved}.
- An undo that is the action itself, that does not reach all item types of the action, or that is itself undone by
  something which it does not undo.
- A parameter's default that is not of its type, or choices where there can be none.
- An address that is not absolute http or https, or that carries a user name or password; headers that the desk sets
  itself; a time-out above {max_timeout} seconds.
- A queue without roles, one for child safety that is open to other roles, or a `default` queue that chooses.
- A list without terms, a term twice, a term that cannot be looked for; an expression that RE2 does not take or that
  matches the empty text; a probability outside 0 to 1; a list for a retired policy.
- A template with a brace alone, a placeholder that is unknown, that belongs to holds and stands in no message of one,
  or that stands for an `appeal_url` which is not there; a language that is no tag."""


def page() -> str:
    parts = [f"## `[[{name}]]`\n\n{_text(cls.__doc__)}\n\n{_table(cls)}" for name, cls in TABLES.items()]
    top = f"## Top level\n\n{_table(platform.Platform)}"
    reserved = ", ".join(f"`{key}`" for key in sorted(platform.RESERVED_KEYS))
    checks = CHECKS.format(max_id=platform.MAX_ID, reserved=reserved, max_timeout=MAX_TIMEOUT)
    return markdown.page("The platform document", INTRODUCTION, top, *parts, checks, _roles(), _categories())


def _table(cls: type[msgspec.Struct]) -> str:
    docs = markdown.field_docs(cls)
    struct = types.type_info(cls)
    assert isinstance(struct, types.StructType)
    kinds = {field.name: field.type for field in struct.fields}
    rows = [
        (f"`{field.encode_name}`", description(kinds[field.name]), _default(field), docs.get(field.name, ""))
        for field in msgspec.structs.fields(cls)
    ]
    return markdown.table(("key", "value", "default", ""), rows)


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    return f"`{msgspec.json.encode(value).decode()}`" if value not in ("", None, (), {}) else ""


def _roles() -> str:
    rows = [
        (f"`{role}`", ", ".join(fitting), ", ".join(kind for kind, roles in ROLES_OF_KIND.items() if role in roles))
        for role, fitting in TYPES_OF_ROLE.items()
    ]
    table = markdown.table(("role", "type of the field", "kind of the item type"), rows)
    return f"## Roles of fields\n\nA field with a role has no container.\n\n{table}"


def _categories() -> str:
    rows = [(f"`{one.code}`", one.name, one.choose) for one in dsa.categories().values()]
    return f"## Categories for `dsa`\n\n{markdown.table(('code', '', 'when to choose it'), rows)}"


def _text(text: str | None) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in (text or "").split("\n\n"))
