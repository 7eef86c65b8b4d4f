"""Rules and events made up by hypothesis: rules that the checker takes, events that have, miss and mistype fields."""

import re
from datetime import UTC, datetime

from hypothesis import strategies as st

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONFIG = {"labels": {name: {"valid_for": ["User"]} for name in ("bad", "odd")}, "lists": {"words": ["Spam", "日本"]}}
ACTIONS = ("post", "like", "a'b", "none of these")
FIELDS = {
    "Num": ("int", "JsonData(path='$.num')"),
    "Count": ("int", "JsonData(path='$.user.count', coerce_type=False)"),
    "Real": ("float", "JsonData(path='$.real')"),
    "Text": ("str", "JsonData(path='$.text')"),
    "Bio": ("str", "JsonData(path=\"$.user['the bio']\", required=False)"),
    "Flag": ("bool", "JsonData(path='$.flag', coerce_type=False)"),
    "MaybeText": ("Optional[str]", "JsonData(path='$.user.nick')"),
    "MaybeNum": ("Optional[int]", "JsonData(path='$.maybe', required=False)"),
    "Tags": ("List[str]", "JsonData(path='$.tags')"),
    "First": ("str", "JsonData(path='$.tags[0]')"),
    "User": ("Entity[str]", "EntityJson(type='User', path='$.user.id')"),
    "MaybeUser": ("Optional[Entity[int]]", "EntityJson(type='User', path='$.other', required=False)"),
}
NAMES = {
    "int": ["Num", "Count"],
    "float": ["Real"],
    "str": ["Text", "Bio", "First"],
    "bool": ["Flag"],
    "Optional[str]": ["MaybeText"],
    "Optional[int]": ["MaybeNum"],
    "List[str]": ["Tags"],
    "Entity": ["User"],
    "Optional[Entity]": ["MaybeUser"],
}
WORDS = ["spam", "Ünïted", "a'b\"c", "", "ſpam", "{x}", "\\n", "日本", "free offer", "12"]
PATTERNS = ["spam", r"\bfree\s+offer\b", "(?:a|b)+c", "^.{3}$", "[ü-ÿ]", "straße|ſ"]
EFFECTS = [
    "LabelAdd(entity=User, label='bad')",
    "LabelRemove(entity=User, label='bad')",
    "DeclareVerdict(verdict='reject')",
    "BanUser(entity=User, comment=f'because {Text}')",
    "LabelAdd(entity=User, label='odd', expires_after=TimeDelta(hours=Num))",
]
texts = st.sampled_from(WORDS)
whole = st.integers(-3, 20) | st.sampled_from([0, 1, 10**12])
scalars = (
    st.none() | st.booleans() | whole | st.floats() | texts | st.text(max_size=8) | st.sampled_from(["7", "x1", "3.5"])
)
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2))


def _field(good):
    """Mostly of the right type, at times missing, null or anything."""
    return st.one_of(good, good, good, st.just("missing"), st.none(), anything)


@st.composite
def events(draw):
    data = {
        "num": draw(_field(whole)),
        "real": draw(_field(st.floats(-10, 10))),
        "text": draw(_field(st.lists(texts, max_size=4).map(" ".join))),
        "flag": draw(_field(st.booleans())),
        "maybe": draw(_field(whole)),
        "tags": draw(_field(st.lists(texts, max_size=3))),
        "other": draw(_field(whole)),
        "user": draw(
            _field(
                st.fixed_dictionaries(
                    {}, optional={"id": _field(texts), "count": _field(whole), "the bio": _field(texts), "nick": texts}
                )
            )
        ),
    }
    return {name: value for name, value in data.items() if value != "missing"}


HOLE = re.compile("«([^»]*)»")
"""«int»: an expression of that type; «=int»: a name of it; «a b c»: one of these; «word»: a string, written out."""
MADE = {
    "int": (
        "(«int» «+ - * // % | & ^» «int»)",
        "(-«=int»)",
        "(«int» «<< >>» «0 2»)",
        "StringLength(s=«str»)",
        "ListLength(list=«List[str]»)",
        "ResolveOptional(optional_value=«=Optional[int]»)",
        "ResolveOptional(optional_value=«=Optional[int]», default_value=«int»)",
        "ParseInt(s=«str»)",
        "IncrementWindow(key=«str», window_seconds=60, when_all=[«bool»])",
        "Count(counter='c', key=«=Entity», window_seconds=5, when=[«bool», «bool»])",
    ),
    "float": (
        "(«int» / «float»)",
        "(«float» / «int»)",
        "(«float» «+ - * % // **» «int»)",
        "(«int» «+ - * % // **» «float»)",
    ),
    "str": (
        "(«str» + «str»)",
        "(«str» * «0 2»)",
        "StringToLower(s=«str»)",
        "StringSlice(s=«str», start=0, end=«int»)",
        "ListRead(list=«List[str]», index=«0 1 2»)",
        "ForceString(s=«=Optional[str]»)",
        "f'x{«=str»}-{«=int»}{{'",
        "f'{«=Entity»}, {«=Optional[int]»}, {«=bool»}'",
        "ResolveOptional(optional_value=«=Optional[str]», should_report_error=«True False»)",
    ),
    "bool": (
        "(«int» «< <= > >= == !=» «float»)",
        "(«int» «< <= > >= == !=» «int»)",
        "(«str» «== !=» «str»)",
        "(«str» «in not\u00a0in» «str»)",
        "(«str» «in not\u00a0in» «List[str]»)",
        "(«=Optional[str]» «in not\u00a0in» [«word», 'spam'])",
        "(«=Optional[str]» «== !=» «word»)",
        "(«=Optional[str]» «== !=» None)",
        "(«=Optional[int]» «== !=» «int»)",
        "(«=Optional[Entity]» «== !=» None)",
        "(«int» «== !=» None)",
        "(«=Entity» «== !=» «str»)",
        "(«=Optional[Entity]» «== !=» «int»)",
        "(«=Entity» «in not\u00a0in» «List[str]»)",
        "(«List[str]» «== !=» «List[str]»)",
        "(not «bool»)",
        "(«bool» «and or» «bool»)",
        "(«bool» and «bool» and «bool»)",
        "(MaybeNum != None and (MaybeNum «+ // *» 2) «< >=» «float»)",
        "(MaybeNum == None or «int» «< >=» MaybeNum)",
        "(MaybeText != None and StringLength(s=MaybeText) > 2)",
        "(MaybeText != None and TextContains(text=MaybeText, phrase=«word»))",
        "TextContains(text=«str», phrase=«word»)",
        "TextContains(text=Text, phrase=«word»)",
        "StringContains(s=«str», phrase=«str», substrings=«True False», case_sensitive=«bool»)",
        "RegexMatch(pattern=«pattern», target=«str», case_insensitive=«True False»)",
        "RegexMatch(pattern=«pattern», target=Text, case_insensitive=«True False»)",
        "FirstSeen(counter='f', key=«str», when=[«bool»])",
        "HasLabel(entity=«=Entity», label='bad')",
        "(ListContains(list='words', phrases=«List[str]») != None)",
        "(SimpleListContains(cache_name='c', list=[«word», 'spam'], phrases=«List[str]») != None)",
    ),
    "List[str]": (
        "[«str», «str»]",
        "StringSplit(s=«str», sep=«'-' ''»)",
        "Tokenize(s=«str»)",
        "ListSort(list=«List[str]»)",
    ),
}
WRITTEN = {
    "int": whole.map(str),
    "float": st.floats(-5, 5).map(repr),
    "str": texts.map(repr),
    "bool": st.sampled_from(["True", "False"]),
    "List[str]": st.lists(texts, min_size=1, max_size=2).map(repr),
    "word": texts.map(repr),
    "pattern": st.sampled_from(PATTERNS).map(repr),
}


class _Author:
    """Writes expressions of a type, in terms of the names that there are."""

    def __init__(self, draw):
        self.draw = draw
        self.names = {type_: list(names) for type_, names in NAMES.items()}

    def write(self, type_, depth):
        if depth > 0 and self.draw(st.integers(0, 4)):
            made = self.draw(st.sampled_from(MADE[type_]))
            return HOLE.sub(lambda hole: self.fill(hole[1], depth - 1), made)
        return self.draw(st.sampled_from(self.names[type_]) | WRITTEN[type_])

    def fill(self, hole, depth):
        if hole.startswith("=") and hole[1:] in self.names:
            return self.draw(st.sampled_from(self.names[hole[1:]]))
        if hole in MADE:
            return self.write(hole, depth)
        if hole in WRITTEN:
            return self.draw(WRITTEN[hole])
        return self.draw(st.sampled_from(hole.split(" "))).replace("\u00a0", " ")


@st.composite
def projects(draw):
    """The sources of a project in three files, the third of which only some events bring in."""
    author = _Author(draw)
    base = [f"{name}: {type_} = {value}" for name, (type_, value) in FIELDS.items()]
    base.append("ActionName = GetActionName()")
    main = ["Import(rules=['base.sml'])"]
    more = ["Import(rules=['base.sml', 'main.sml'])"]
    rules = []
    for number in range(draw(st.integers(1, 6))):
        type_ = draw(st.sampled_from(["int", "float", "str", "bool", "List[str]", "Rule", "Rule", "Rule"]))
        name = f"Made{number}"
        if type_ == "Rule":
            items = ", ".join(author.write("bool", 3) for _ in range(draw(st.integers(1, 3))))
            description = draw(st.sampled_from(["'plain'", "f'{Text} by {User}: {MaybeNum}'"]))
            main.append(f"{name} = Rule(when_all=[{items}], description={description})")
            rules.append(name)
            author.names["bool"].append(name)
        else:
            main.append(f"{name}: {type_} = {author.write(type_, 3)}")
            author.names[type_].append(name)
    condition = author.write("bool", 2)
    main.append(f"Require(rule='more.sml', require_if={condition})")
    main.append("Require(rule=f'actions/{ActionName}.sml')")
    for where in (main, more):
        if rules:
            chosen = draw(st.lists(st.sampled_from(rules), min_size=1, max_size=3, unique=True))
            effects = draw(st.lists(st.sampled_from(EFFECTS), min_size=1, max_size=3, unique=True))
            where.append(f"WhenRules(rules_any=[{', '.join(chosen)}], then=[{', '.join(effects)}])")
    more.append(f"Extra: int = {author.write('int', 2)}")
    post = ["Import(rules=['base.sml'])", f"Posted = {_Author(draw).write('bool', 2)}"]
    return {
        name: "\n".join(lines) + "\n"
        for name, lines in {"main.sml": main, "base.sml": base, "more.sml": more, "actions/post.sml": post}.items()
    }
