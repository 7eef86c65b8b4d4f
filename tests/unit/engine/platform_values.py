"""Platform documents for tests: one that is right, and any that the Structs can hold."""

from typing import Any

from hypothesis import strategies as st
from msgspec import inspect as types

from evenhand.engine.platform import Invalid, Platform, Problem, parse

CATEGORIES = frozenset({"STATEMENT_CATEGORY_CYBER_VIOLENCE", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"})

HARBOUR = """\
name = "Harbour"
default_item_type = "post"

[[item_types]]
id = "post"
name = "Post"
kind = "content"
fields = [
  { name = "text", type = "STRING", required = true },
  { name = "author", type = "RELATED_ITEM", role = "creator" },
  { name = "sent", type = "DATETIME", role = "created_at" },
  { name = "room", type = "RELATED_ITEM", role = "thread" },
]

[[item_types]]
id = "account"
name = "Account"
kind = "user"

[[policies]]
id = "abuse"
name = "Abuse"

[[policies]]
id = "harassment"
name = "Harassment"
parent = "abuse"
harm = 8
dsa = "STATEMENT_CATEGORY_CYBER_VIOLENCE"

[[policies]]
id = "children"
name = "Children"
child_safety = true

[[actions]]
id = "hide"
name = "Hide"
destination = "harbour"
key = "b"
undo = "show"

[[actions]]
id = "show"
name = "Show again"
destination = "harbour"

[[destinations]]
id = "harbour"
url = "https://harbour.example/hook"

[[queues]]
id = "children"
name = "Child safety"
policies = ["children"]
roles = ["child_safety"]

[[queues]]
id = "posts"
name = "Posts"
item_types = ["post"]

[[lists]]
id = "scams"
kind = "keyword"
policy = "abuse"
terms = ["free money"]
"""


def problems(source: str) -> list[Problem]:
    """What `source` is refused for; nothing when it is taken."""
    try:
        parse(source, categories=CATEGORIES)
    except Invalid as refused:
        return list(refused.problems)
    return []


def harbour(find: str = "", replace: str = "", add: str = "") -> str:
    """The right document, changed in one place, with more at the end."""
    assert find in HARBOUR
    return HARBOUR.replace(find, replace, 1) + add if find else HARBOUR + add


texts = st.text(st.sampled_from("ab1 _.-#=,[]{}'\"\\\n\r\t\0\x1b\x7f\x85\u2028é字😀"), max_size=8)
"""Whatever is special to TOML, to JSON, or to people."""
numbers = st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.0)


_SCALARS = {
    types.StrType: texts,
    types.BoolType: st.booleans(),
    types.FloatType: numbers,
    types.NoneType: st.none(),
    types.DictType: st.dictionaries(texts, texts, max_size=2),
}


def _of(kind: types.Type) -> st.SearchStrategy[Any]:
    match kind:
        case types.LiteralType():
            return st.sampled_from(kind.values)
        case types.UnionType():
            return st.one_of(*map(_of, kind.types))
        case types.VarTupleType():
            return st.lists(_of(kind.item_type), max_size=2, unique_by=_key).map(tuple)
        case types.StructType():
            fields = {field.name: _of(field.type) for field in kind.fields}
            return st.fixed_dictionaries(fields).map(lambda values: kind.cls(**values))
    return _SCALARS[type(kind)]


def _key(value: Any) -> Any:
    return getattr(value, "id", getattr(value, "name", value))


platforms: st.SearchStrategy[Platform] = _of(types.type_info(Platform))
"""Any document with unique ids, names and list elements; hardly ever one that makes sense."""
