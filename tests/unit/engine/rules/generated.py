"""Rules and events made up by hypothesis: rules that the checker takes, events that have, miss and mistype fields."""

from datetime import UTC, datetime

from hypothesis import strategies as st

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONFIG = {"labels": {name: {"valid_for": ["User"]} for name in ("bad", "odd")}}
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


class _Author:
    """Writes expressions of a type, in terms of the names that there are."""

    def __init__(self, draw):
        self.draw = draw
        self.names = {type_: list(names) for type_, names in NAMES.items()}

    def pick(self, *options):
        return self.draw(st.sampled_from(options))

    def write(self, type_, depth):
        simple = [lambda: self.pick(*self.names[type_])]
        simple += {
            "int": [lambda: str(self.draw(whole))],
            "float": [lambda: repr(self.draw(st.floats(-5, 5)))],
            "str": [lambda: repr(self.draw(texts))],
            "bool": [lambda: self.pick("True", "False")],
            "List[str]": [lambda: repr([self.draw(texts), self.draw(texts)])],
        }.get(type_, [])
        if depth <= 0:
            return self.pick(*simple)()
        return self.pick(*simple, *[self.deeper(type_, depth - 1)] * 4)()

    def deeper(self, type_, depth):
        def w(wanted):
            return self.write(wanted, depth)

        def number():
            return self.write(self.pick("int", "float"), depth)

        made = {
            "int": [
                lambda: f"({w('int')} {self.pick('+', '-', '*', '//', '%', '|', '&', '^')} {w('int')})",
                lambda: f"(-{self.pick(*self.names['int'])})",
                lambda: f"({w('int')} {self.pick('<<', '>>')} {self.pick('0', '2', Num)})",
                lambda: f"StringLength(s={w('str')})",
                lambda: f"ListLength(list={w('List[str]')})",
                lambda: (
                    f"ResolveOptional(optional_value={self.write('Optional[int]', 0)}{self.pick('', ', default_value=3')})"
                ),
                lambda: f"ParseInt(s={w('str')})",
            ],
            "float": [
                lambda: f"({number()} / {number()})",
                lambda: f"({w('float')} {self.pick('+', '-', '*', '%', '//', '**')} {number()})",
            ],
            "str": [
                lambda: f"({w('str')} + {w('str')})",
                lambda: f"({w('str')} * {self.pick('0', '2', Num)})",
                lambda: f"StringToLower(s={w('str')})",
                lambda: f"StringSlice(s={w('str')}, start=0, end={w('int')})",
                lambda: f"ListRead(list={w('List[str]')}, index={self.pick('0', '1', Num)})",
                lambda: f"ForceString(s={self.write('Optional[str]', 0)})",
                lambda: (
                    f"f'x{{{self.pick(*self.names['str'], *self.names['Entity'])}}}-{{{self.pick(*self.names['int'])}}}{{{{'"
                ),
                lambda: f"ResolveOptional(optional_value={self.write('Optional[str]', 0)}, should_report_error=True)",
            ],
            "bool": [
                lambda: f"({number()} {self.pick('<', '<=', '>', '>=', '==', '!=')} {number()})",
                lambda: f"({w('str')} {self.pick('==', '!=', 'in', 'not in')} {w('str')})",
                lambda: f"({w('str')} {self.pick('in', 'not in')} {w('List[str]')})",
                lambda: (
                    f"({self.write('Optional[str]', 0)} {self.pick('==', '!=', 'in', 'not in')} {self.pick(repr(['spam', '']))})".replace(
                        "== [", "in ["
                    ).replace("!= [", "not in [")
                ),
                lambda: (
                    f"({self.pick(*self.names['Optional[str]'], *self.names['Optional[int]'], *self.names['Optional[Entity]'], *self.names['int'])} {self.pick('==', '!=')} None)"
                ),
                lambda: f"({self.write('Entity', 0)} {self.pick('==', '!=')} {w('str')})",
                lambda: f"({self.write('Optional[Entity]', 0)} {self.pick('==', '!=')} {w('int')})",
                lambda: f"({self.write('Entity', 0)} {self.pick('in', 'not in')} {w('List[str]')})",
                lambda: f"(not {w('bool')})",
                lambda: f"({w('bool')} {self.pick('and', 'or')} {w('bool')})",
                lambda: f"({w('bool')} and {w('bool')} and {w('bool')})",
                lambda: f"(MaybeNum != None and (MaybeNum {self.pick('+', '//')} 1) {self.pick('<', '>=')} {number()})",
                lambda: f"(MaybeNum == None or {number()} {self.pick('<', '>=')} MaybeNum)",
                lambda: "(MaybeText != None and StringLength(s=MaybeText) > 2)",
                lambda: f"TextContains(text={w('str')}, phrase={self.draw(texts)!r})",
                lambda: f"StringContains(s={w('str')}, phrase={w('str')}, substrings={self.pick('True', 'False')})",
                lambda: (
                    f"RegexMatch(pattern={self.pick(*PATTERNS)!r}, target={w('str')}, case_insensitive={self.pick('True', 'False')})"
                ),
                lambda: (
                    f"(SimpleListContains(cache_name='c', list={[self.draw(texts), 'spam']!r}, phrases={w('List[str]')}) != None)"
                ),
            ],
            "List[str]": [
                lambda: f"[{w('str')}, {w('str')}]",
                lambda: f"StringSplit(s={w('str')}, sep={self.pick(repr(' '), repr(''))})",
                lambda: f"Tokenize(s={w('str')})",
                lambda: f"ListSort(list={w('List[str]')})",
            ],
        }.get(type_)
        Num = "2"
        return self.pick(*made) if made else lambda: self.write(type_, 0)


@st.composite
def projects(draw):
    """The sources of a project in three files, the third of which only some events bring in."""
    author = _Author(draw)
    base = [f"{name}: {type_} = {value}" for name, (type_, value) in FIELDS.items()] + ["ActionName = GetActionName()"]
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
