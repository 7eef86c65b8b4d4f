"""Whatever is in the files, reading them ends: with a program or with problems, in time, each in its place."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evenhand.engine.rules import project
from evenhand.engine.rules.problem import RuleError
from tests.unit.engine.rules.check.projects import FUNCTIONS, GIVEN

SECONDS = 8
"""Of processor time. All of it takes a second or two on a busy machine; what is not linear takes minutes."""
CONFIG = {
    "labels": {"spam": {"valid_for": ["User"]}},
    "lists": {"words": ["a"]},
    "event_schemas": {"post": {"type": "object", "properties": {"text": {"type": "string"}, "user": {}}}},
}
PIECES = [
    *GIVEN.splitlines(),
    "A = [1, 'a', 2.5]",
    "B = A == 1 and Maybe != None and StringLength(s=Maybe) > 3 or not Flag",
    "_c = Number / 0 ** -1",
    "D = f'{Text} {User} {_c}'",
    "E: Union[str, int] = ResolveOptional(optional_value=Perhaps, default_value='x')",
    "WhenRules(rules_any=[Spam], then=[LabelAdd(entity=User, label='spam', apply_if=Spam)])",
    "Import(rules=['a.sml', 'b.sml'])",
    "Require(rule=f'{Text}.sml', require_if=Flag)",
    "G = ListFind(list='words', s=Text) in [['a']]",
    "H: Secret[List[Entity[int]]] = JsonData(path='$.user[0]..x')",
]
TOKENS = [
    *"()[]{}=,:.+-*/%<>!|&^~@'\"\n\t #\\;",
    *(
        "==",
        "!=",
        "not ",
        " in ",
        " and ",
        " or ",
        "None",
        "True",
        "1",
        "0.5",
        "'a'",
        "f'{",
        "}'",
        "'''",
        "\r\n",
        "\x00",
    ),
    *(
        "Text",
        "Maybe",
        "Rule(",
        "JsonData(path=",
        "when_all=[",
        "Optional[",
        "X = ",
        "Y: str = ",
        "_z",
        "ü",
        "\ud800",
        "日本",
    ),
    *(
        "if ",
        "def ",
        "lambda ",
        "**",
        "//",
        "<<",
        ":=",
        " if ",
        " else ",
        "for ",
        "is ",
        "\ufeff",
        "\x0c",
        "\u2028",
        "`",
    ),
]


def outcome(files, **options):
    """The problems; none when the files are fine."""
    try:
        return list(project.check(files, CONFIG, FUNCTIONS, **options).warnings)
    except RuleError as error:
        return error.problems


def lines_of(source):
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def assert_in_place(problems, files):
    for problem in problems:
        lines = lines_of(files.get(problem.file, ""))
        assert 1 <= problem.line <= len(lines)
        assert problem.source in ("", lines[problem.line - 1])
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.width >= 1
        assert str(problem)


mutated = st.tuples(
    st.lists(st.sampled_from(PIECES), max_size=8),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), st.sampled_from(TOKENS)), max_size=6),
)


def mutate(pieces, changes):
    text = "\n".join(pieces)
    for place, cut, token in changes:
        at = int(place * len(text))
        text = text[:at] + token + text[at + cut :]
    return text


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(mutated, mutated, st.booleans())
def test_mutated_files_are_read_or_refused_in_their_place(one, other, strict):
    files = {"main.sml": mutate(*one), "a.sml": mutate(*other), "b.sml": ""}
    assert_in_place(outcome(files, strict=strict), files)


@settings(max_examples=400)
@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
@example("A = 1\\")
@example("A = '\\N{nothing}'")
@example("A = f'{'")
@example("A = f'''{\nX\n}'''\nX = 1")
@example("A = ('a'\n f'{Nobody}')")
@example("\x0cA = wrong")
@example("A = 'ü\x0bü' + wrong")
def test_any_tokens_are_read_or_refused_in_their_place(source):
    files = {"main.sml": source}
    assert_in_place(outcome(files), files)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_its_place(source):
    files = {"main.sml": source}
    assert_in_place(outcome(files), files)


@given(st.permutations(PIECES[:-1]))
def test_the_order_of_statements_does_not_change_what_is_wrong(pieces):
    def words(problems):
        return sorted(one.message for one in problems if "import" not in one.message and "line" not in one.message)

    assert words(outcome({"main.sml": "\n".join(pieces)})) == words(outcome({"main.sml": "\n".join(PIECES[:-1])}))


N = 5_000
LARGE = {
    "rules": GIVEN
    + "".join(
        f"R{n} = Rule(when_all=[Number > {n}, StringLength(s=Text) > 3, Text != 'w{n}'], description=f'{n} {{Text}}')\n"
        for n in range(N)
    ),
    "a diamond": "X0 = 1\n" + "".join(f"X{n} = X{n - 1} + X{n - 1}\n" for n in range(1, 201)),
    "a chain": "X0 = 1\n" + "".join(f"X{n} = X{n - 1} + 1\n" for n in range(1, N)),
    "a chain, upside down": "".join(f"X{n} = X{n - 1} + 1\n" for n in range(N, 0, -1)) + "X0 = 1\n",
    "a circle": "".join(f"X{n} = X{(n + 1) % N}\n" for n in range(N)),
    "circles in circles": "".join(f"X{n} = [{', '.join(f'X{m}' for m in range(60))}]\n" for n in range(60)),
    "unknown names": "".join(f"Known{n} = Unknown{n} + 1\n" for n in range(N)),
    "unknown functions": "".join(f"X{n} = Strunglength{n}(s='a')\n" for n in range(N)),
    "syntax errors": "".join(f"X{n} = ( + 1\n" for n in range(N)),
    "other Python": "".join(f"X{n} = a[0].b if 1 < 2 < 3 else {{}}\n" for n in range(N)),
    "names assigned again": "A = 1\n" * N,
    "a long line": "A = ['ü', " + ", ".join(f"X{n}" for n in range(N)) + "]\n",
    "a long condition": GIVEN + "X = " + " and ".join(f"Number != {n}" for n in range(N)) + "\n",
    "many arguments": "A = StringLength(" + ", ".join(f"a{n}=1" for n in range(N)) + ")\n",
    "quotes": '"""' * 50_000,
    "backslashes": "\\\n" * 50_000,
    "a string without end": "A = '''\n" + "B = 1\n" * 50_000,
    "brackets": "([{" * 50_000,
    "indents": "".join(f"{' ' * n}if a:\n" for n in range(500)),
}


@pytest.mark.parametrize("name", LARGE)
def test_time_grows_with_the_file_and_no_faster(name):
    files = {"main.sml": LARGE[name]}
    start = time.process_time()
    problems = outcome(files, strict=True)
    assert time.process_time() - start < SECONDS
    assert_in_place(problems[:100], files)


def test_many_files_are_read_in_time():
    many = 1_000
    files = {f"f{n:04}.sml": f"Import(rules=['f{n + 1:04}.sml'])\nX{n} = X{n + 1} + 1\n" for n in range(many)}
    files |= {f"f{many:04}.sml": f"X{many} = 1\n", "main.sml": "Import(rules=['f0000.sml'])\nY = X0 + X999\n"}
    start = time.process_time()
    assert outcome(files) == []
    assert time.process_time() - start < SECONDS
