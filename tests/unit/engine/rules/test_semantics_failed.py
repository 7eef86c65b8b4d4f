"""The three states: a value, None, and FAILED; what each operator makes of them. FAILED is shown as None."""

from tests.unit.engine.rules.semantics import check, run_both, table

FAILED_SPREADS = [
    (expression, {}, None)
    for expression in (
        "A + 1", "1 + A", "A - B", "A * 2", "A / 2", "2 // A", "A % 2", "A ** 2", "A << 1", "A >> 1", "A | 1", "A ^ 1",
        "A & 1", "-A", "-F", "S + 'x'", "'x' + S", "S * 2", "'x' * A",
        "A < 1", "A <= 1", "A > 1", "A >= 1", "1 < A", "F > 0.5", "A < B",
        "not G", "not (A > 1)", "not not G", "not (S in L)",
        "f'{S}'", "f'{A} and {B}'", "f'{U}'", "f'x{L}'",
        "[A, 1]", "[S, 'x']", "[U]",
        "StringLength(s=S)", "StringToLower(s=StringStrip(s=S))", "ListLength(list=L)", "ListLength(list=[S])",
        "TextContains(text=S, phrase='x')", "RegexMatch(pattern='x', target=S)",
        "RegexMatch(pattern='x', target=S + 'y')",
        "ForceString(s=S)", "ResolveOptional(optional_value=A, default_value=1)", "ListRead(list=L)",
        "A", "S", "U",
        "S in L", "'x' in L", "'x' not in L", "'x' in S", "1 in M", "TimeDelta(hours=A)",
        "StringLength(s=S) + A",
    )
]  # fmt: skip
PARTLY_FAILED = [
    ("A + B", {"a": 1}, None),
    ("A < B", {"b": 1}, None),
    ("f'{S}{T}'", {"s": "x"}, None),
    ("[S, T]", {"t": "x"}, None),
    ("StringReplace(s=S, old=T, new='')", {"s": "x"}, None),
    ("S in L", {"s": "x"}, None),
    ("StringJoin(s=S, iterable=[T, 'x'])", {"s": "-"}, None),
]
LIKE_NONE = [
    ("A == None", {}, True),
    ("A != None", {}, False),
    ("None == A", {}, True),
    ("A == None", {"a": 0}, False),
    ("A != None", {"a": 0}, True),
    ("A == 1", {}, False),
    ("A != 1", {}, True),
    ("1 == A", {}, False),
    ("A == B", {}, True),
    ("A != B", {}, False),
    ("A == B", {"a": 1}, False),
    ("A == O", {}, True),
    ("A != O", {}, False),
    ("A == O", {"o": 1}, False),
    ("S == ''", {}, False),
    ("S == P", {}, True),
    ("S != 'x'", {}, True),
    ("U == None", {}, True),
    ("U == 'x'", {}, False),
    ("U != 'x'", {}, True),
    ("U == V", {}, True),
    ("U == V", {"v": "x"}, False),
    ("L == []", {}, False),
    ("L == None", {}, True),
    ("G == False", {}, False),
    ("G != False", {}, True),
    ("(A + 1) == None", {}, True),
    ("(A + 1) == 2", {}, False),
    ("(A > 1) == None", {}, True),
    ("StringLength(s=S) == 0", {}, False),
    ("StringLength(s=S) == None", {}, True),
    ("f'{S}' == ''", {}, False),
    ("S in ['x']", {}, False),
    ("S not in ['x']", {}, True),
    ("A in [1, 2]", {}, False),
    ("A not in M", {"m": [1]}, True),
    ("A in M", {"m": [1]}, False),
    ("S in T", {"t": "hello"}, False),
    ("S not in T", {"t": "hello"}, True),
    ("U in ['x']", {}, False),
    ("U not in L", {"l": ["x"]}, True),
    ("(S + 'x') in L", {"l": ["x"]}, False),
    ("P in ['x']", {}, False),
    ("P in ['x']", {"p": "x"}, True),
    ("P not in ['x']", {}, True),
]
LOGIC = [
    ("G and H", {"h": True}, False),
    ("G and H", {}, False),
    ("G or H", {"h": True}, True),
    ("G or H", {}, False),
    ("A > 1 or True", {}, True),
    ("A > 1 or G", {"g": True}, True),
    ("A > 1 or G", {"g": False}, False),
    ("A > 1 and True", {}, False),
    ("not (A > 1 or False)", {}, True),
    ("not (A > 1 and True)", {}, True),
    ("(A > 1 or G) and (B > 1 or G)", {"g": True}, True),
    ("(not G) or True", {}, True),
    ("(not G) and True", {}, False),
    ("StringLength(s=S) > 1 or G", {"g": True}, True),
    ("Q and G", {"g": True}, False),
    ("Q or G", {"g": True}, True),
    ("Q or G", {"g": False}, False),
    ("not Q", {}, True),
    ("not Q", {"q": True}, False),
    ("TextContains(text=S, phrase='x') or G", {"g": True}, True),
    ("RegexMatch(pattern='x', target=S) and G", {"g": True}, False),
]
NONE = [
    ("O == None", {}, True),
    ("O != None", {}, False),
    ("O == 3", {}, False),
    ("O != 3", {}, True),
    ("O == 3", {"o": 3}, True),
    ("O == A", {"a": 1}, False),
    ("O == A", {"a": 1, "o": 1}, True),
    ("V == None", {}, True),
    ("V == 'x'", {}, False),
    ("V != 'x'", {}, True),
    ("O != None and O > 3", {}, False),
    ("O != None and O > 3", {"o": 4}, True),
    ("O != None and O < 3", {}, False),
    ("O == None or O > 3", {}, True),
    ("O == None or O > 3", {"o": 3}, False),
    ("O != None and O + 1 > 3", {}, False),
    ("O != None and O + 1 > 3", {"o": 3}, True),
    ("O != None and -O < 0", {}, False),
    ("P != None and StringLength(s=P) > 2", {}, False),
    ("P != None and StringLength(s=P) > 2", {"p": "abc"}, True),
    ("P != None and P + 'x' == 'ax'", {}, False),
    ("P != None and TextContains(text=P, phrase='hi')", {}, False),
    ("P != None and TextContains(text=P, phrase='hi')", {"p": "Hi you"}, True),
    ("P != None and 'x' in P", {}, False),
    ("P != None and 'x' in P", {"p": "axb"}, True),
    ("P in [None, 'x']", {}, True),
    ("P == S", {"s": "x"}, False),
    ("ForceString(s=P)", {}, ""),
    ("ForceString(s=P)", {"p": "x"}, "x"),
    ("ResolveOptional(optional_value=O)", {}, None),
    ("ResolveOptional(optional_value=O)", {"o": 2}, 2),
    ("ResolveOptional(optional_value=O, default_value=5)", {}, 5),
    ("ResolveOptional(optional_value=O, default_value=5)", {"o": 0}, 0),
    ("ResolveOptional(optional_value=O, should_report_error=True)", {}, None, ["neither a value nor a default"]),
    ("ResolveOptional(optional_value=P, default_value='d') + 'x'", {}, "dx"),
    ("ResolveOptional(optional_value=P) + 'x'", {}, None),
    ("ResolveOptional(optional_value=P) == None", {}, True),
]
ERRORS = [
    ("StringSplit(s=S, sep=T)", {"s": "a", "t": ""}, None, ["sep is empty"]),
    ("ListLength(list=StringSplit(s=S, sep=T))", {"s": "a", "t": ""}, None, ["sep is empty"]),
    ("ListLength(list=StringSplit(s=S, sep=T)) == None", {"s": "a", "t": ""}, True, ["sep is empty"]),
    ("G and ListLength(list=StringSplit(s=S, sep=T)) > 0", {"s": "a", "t": "", "g": False}, False, ["sep is empty"]),
    ("G or ListLength(list=StringSplit(s=S, sep=T)) > 0", {"s": "a", "t": "", "g": True}, True, ["sep is empty"]),
    ("[StringSplit(s=S, sep=T), StringSplit(s=T, sep=T)]", {"s": "a", "t": ""}, None, ["sep is empty", "sep is empty"]),
    ("S * A + S * B", {"s": "ab", "a": 10**6, "b": 10**6}, None, ["characters", "characters"]),
    ("ParseInt(s=S)", {"s": "12"}, 12),
    ("ParseInt(s=S)", {"s": "x"}, None),
    ("ParseInt(s=S) + 1", {"s": "x"}, None),
    ("ParseInt(s=S) == None", {"s": "x"}, True),
    ("ListRead(list=L, index=3)", {"l": ["a"]}, None),
    ("ListRead(list=L, index=A)", {"l": ["a"], "a": 0}, "a"),
]


@table(FAILED_SPREADS)
def test_failed_spreads(case):
    check(*case)


@table(PARTLY_FAILED)
def test_one_failed_part_is_enough(case):
    check(*case)


@table(LIKE_NONE)
def test_failed_compares_like_none(case):
    check(*case)


@table(LOGIC)
def test_failed_is_false_to_and_and_or(case):
    check(*case)


@table(NONE)
def test_none(case):
    check(*case)


@table(ERRORS)
def test_nothing_is_cut_short_so_every_error_is_told(case):
    check(*case)


def test_an_error_names_its_place_and_its_feature():
    result = run_both("S: str = JsonData(path='$.s')\n\nX = (\n    StringSplit(s=S,\n  sep=S))\n", {"s": ""})
    [error] = result.errors
    assert (error.file, error.line, error.column, error.feature) == ("main.sml", 4, 5, "X")
    assert result.features["__error_count"] == 1


def test_what_depends_on_an_error_fails_without_a_second_one():
    source = "S: str = JsonData(path='$.s')\nX = StringLength(s=S)\nY = X + 1\nZ = Y > 2\n"
    result = run_both(source, {})
    assert [error.feature for error in result.errors] == ["S"]
    assert [result.features[name] for name in "SXYZ"] == [None] * 4


def test_a_function_runs_once_for_each_event_however_many_read_it():
    called = []

    def Noted(s: str) -> str:
        called.append(s)
        return s

    run_both(
        "S: str = JsonData(path='$.s')\nX = Noted(s=S)\nY = X + X\nZ = X == 'a' or X == 'b'\n", {"s": "q"}, udfs=[Noted]
    )
    assert called == ["q"] * 3  # once for each of the three ways that run_both compares


def test_what_a_condition_cannot_change_is_run_all_the_same():
    called = []

    def Noted(s: str) -> bool:
        called.append(s)
        return True

    run_both("S: str = JsonData(path='$.s')\nX = S == 'no' and Noted(s=S)\n", {"s": "q"}, udfs=[Noted])
    assert called == ["q"] * 3


def test_a_function_of_others_that_raises_is_an_error_of_its_value_alone():
    def Broken(s: str) -> int:
        raise KeyError(s)

    result = run_both("S: str = JsonData(path='$.s')\nX = Broken(s=S)\nY = S + '!'\n", {"s": "q"}, udfs=[Broken])
    assert (result.features["X"], result.features["Y"]) == (None, "q!")
    assert [error.message for error in result.errors] == ["KeyError: 'q'"]


def test_a_function_of_others_is_held_to_its_annotation():
    def Lying(s: str) -> int:
        return s  # what is being tested

    result = run_both("S: str = JsonData(path='$.s')\nX = Lying(s=S) > 3\n", {"s": "q"}, udfs=[Lying])
    assert result.features["X"] is None
    assert [error.message for error in result.errors] == ["Lying gave a str, and not int"]
