"""What each operator gives, for values that are there."""

from tests.unit.engine.rules.semantics import check, table

ARITHMETIC = [
    ("A + B", {"a": 2, "b": 3}, 5),
    ("A - B", {"a": 2, "b": 3}, -1),
    ("A * B", {"a": 2, "b": 3}, 6),
    ("A / B", {"a": 6, "b": 3}, 2.0),
    ("A / B", {"a": 1, "b": 4}, 0.25),
    ("A // B", {"a": 7, "b": 2}, 3),
    ("A // B", {"a": -7, "b": 2}, -4),
    ("A % B", {"a": 7, "b": 3}, 1),
    ("A % B", {"a": -7, "b": 3}, 2),
    ("A ** B", {"a": 2, "b": 10}, 1024),
    ("A ** B", {"a": 2, "b": -1}, 0.5),
    ("A << B", {"a": 3, "b": 2}, 12),
    ("A >> B", {"a": 12, "b": 2}, 3),
    ("A | B", {"a": 5, "b": 2}, 7),
    ("A ^ B", {"a": 5, "b": 1}, 4),
    ("A & B", {"a": 5, "b": 4}, 4),
    ("-A", {"a": 5}, -5),
    ("-F", {"f": 1.5}, -1.5),
    ("A + F", {"a": 1, "f": 0.5}, 1.5),
    ("F - A", {"a": 1, "f": 0.5}, -0.5),
    ("F * A", {"a": 2, "f": 0.5}, 1.0),
    ("F // A", {"a": 2, "f": 5.0}, 2.0),
    ("F % A", {"a": 2, "f": 5.5}, 1.5),
    ("F ** A", {"a": 2, "f": 1.5}, 2.25),
    ("A + 1 * 2", {"a": 1}, 3),
    ("(A + 1) * 2", {"a": 1}, 4),
    ("A - 1 - 1", {"a": 5}, 3),
    ("2 ** A ** 2", {"a": 2}, 16),
    ("1 + 2", {}, 3),
    ("A / B", {"a": 1, "b": 0}, 0),
    ("A // B", {"a": 1, "b": 0}, 0),
    ("A % B", {"a": 1, "b": 0}, 0),
    ("F / A", {"a": 0, "f": 1.5}, 0),
    ("F % A", {"a": 0, "f": 1.5}, 0),
    ("F // A", {"a": 0, "f": 1.5}, 0),
    ("A ** B", {"a": 0, "b": -1}, 0),
    ("1 / 0", {}, 0),
    ("S + T", {"s": "ab", "t": "c"}, "abc"),
    ("S * A", {"s": "ab", "a": 2}, "abab"),
    ("A * S", {"s": "ab", "a": 2}, "abab"),
    ("S * A", {"s": "ab", "a": -1}, ""),
    ("S + 'ü'", {"s": "日"}, "日ü"),
    ("A ** B", {"a": 10, "b": 100_000}, None, ["more than 4096 bits"]),
    ("A << B", {"a": 1, "b": 5_000}, None, ["more than 4096 bits"]),
    ("A << B", {"a": 1, "b": -1}, None, ["<< has no result here"]),
    ("S * A", {"s": "abc", "a": 1_000_000}, None, ["more than 1,048,576 characters"]),
    ("F ** F", {"f": -0.5}, None, ["no real number"]),
    ("F ** A", {"f": 1e300, "a": 2}, None, ["** has no result here"]),
    ("TimeDelta(hours=A) + TimeDelta(minutes=B)", {"a": 1, "b": 30}, 5400.0),
    ("TimeDelta(hours=A) - TimeDelta(minutes=B)", {"a": 1, "b": 30}, 1800.0),
]
COMPARISONS = [
    ("A == B", {"a": 1, "b": 1}, True),
    ("A == B", {"a": 1, "b": 2}, False),
    ("A != B", {"a": 1, "b": 2}, True),
    ("A == F", {"a": 1, "f": 1.0}, True),
    ("A < B", {"a": 1, "b": 2}, True),
    ("A < B", {"a": 2, "b": 2}, False),
    ("A <= B", {"a": 2, "b": 2}, True),
    ("A > B", {"a": 2, "b": 2}, False),
    ("A >= B", {"a": 2, "b": 2}, True),
    ("A > F", {"a": 2, "f": 1.5}, True),
    ("F < 1", {"f": 0.5}, True),
    ("S == T", {"s": "a", "t": "a"}, True),
    ("S == 'Ä'", {"s": "Ä"}, True),
    ("S == 'Ä'", {"s": "ä"}, False),
    ("S != ''", {"s": ""}, False),
    ("G == H", {"g": True, "h": True}, True),
    ("G == True", {"g": False}, False),
    ("L == ['a', 'b']", {"l": ["a", "b"]}, True),
    ("L == ['b', 'a']", {"l": ["a", "b"]}, False),
    ("L != []", {"l": []}, False),
    ("M == [1, 2]", {"m": [1, 2]}, True),
    ("U == 'u1'", {"u": "u1"}, True),
    ("U == 'u1'", {"u": "u2"}, False),
    ("U != 'u1'", {"u": "u2"}, True),
    ("W == 3", {"w": 3}, True),
    ("U == S", {"u": "x", "s": "x"}, True),
    ("U == V", {"u": "x", "v": "x"}, True),
    ("U == V", {"u": "x", "v": "y"}, False),
    ("V == 'x'", {"v": "x"}, True),
    ("TimeDelta(minutes=A) < TimeDelta(hours=1)", {"a": 59}, True),
    ("TimeDelta(minutes=A) >= TimeDelta(hours=1)", {"a": 60}, True),
    ("TimeDelta(minutes=A) == TimeDelta(hours=1)", {"a": 60}, True),
    ("1 < 2", {}, True),
    ("'a' == 'b'", {}, False),
]
MEMBERSHIP = [
    ("S in L", {"s": "a", "l": ["a", "b"]}, True),
    ("S in L", {"s": "c", "l": ["a", "b"]}, False),
    ("S not in L", {"s": "c", "l": ["a", "b"]}, True),
    ("S in L", {"s": "c", "l": []}, False),
    ("S in ['a', 'b']", {"s": "b"}, True),
    ("S not in ['a', 'b']", {"s": "b"}, False),
    ("S in ['a', T]", {"s": "b", "t": "b"}, True),
    ("A in M", {"a": 1, "m": [1, 2]}, True),
    ("A in [1, 2]", {"a": 3}, False),
    ("F in [1, 2]", {"f": 2.0}, True),
    ("S in T", {"s": "ell", "t": "hello"}, True),
    ("S in T", {"s": "", "t": "hello"}, True),
    ("S not in T", {"s": "x", "t": "hello"}, True),
    ("'ü' in T", {"t": "für"}, True),
    ("U in ['x', 'y']", {"u": "x"}, True),
    ("U in L", {"u": "x", "l": ["x"]}, True),
    ("U not in L", {"u": "x", "l": ["y"]}, True),
    ("W in [1, 2]", {"w": 2}, True),
    ("S in [U]", {"s": "x", "u": "x"}, True),
    ("'a' in ['a']", {}, True),
]
LOGIC = [
    ("G and H", {"g": True, "h": True}, True),
    ("G and H", {"g": True, "h": False}, False),
    ("G or H", {"g": False, "h": True}, True),
    ("G or H", {"g": False, "h": False}, False),
    ("not G", {"g": False}, True),
    ("not G", {"g": True}, False),
    ("G and H and A > 1", {"g": True, "h": True, "a": 2}, True),
    ("G and H or A > 1", {"g": False, "h": True, "a": 2}, True),
    ("G and (H or A > 1)", {"g": False, "h": True, "a": 2}, False),
    ("not G or H", {"g": True, "h": True}, True),
    ("not (G or H)", {"g": False, "h": False}, True),
    ("True and G", {"g": True}, True),
    ("False and G", {"g": True}, False),
    ("True or G", {"g": False}, True),
    ("not not G", {"g": True}, True),
    ("G and True and True", {"g": False}, False),
]
TEXTS = [
    ("f'{S}'", {"s": "x"}, "x"),
    ("f'{S}-{T}'", {"s": "x", "t": "y"}, "x-y"),
    ("f'{A}'", {"a": 7}, "7"),
    ("f'{F}'", {"f": 0.5}, "0.5"),
    ("f'{G}'", {"g": True}, "True"),
    ("f'{U}'", {"u": "u1"}, "u1"),
    ("f'{O}'", {}, "None"),
    ("f'{O}'", {"o": 3}, "3"),
    ("f'{V}!'", {}, "None!"),
    ("f'{L}'", {"l": ["a"]}, "['a']"),
    ("f'{{{S}}}'", {"s": "x"}, "{x}"),
    ("f'{S}\\n\"\\'\\\\'", {"s": "ü"}, "ü\n\"'\\"),
    ("f'{S} {S} {S}'", {"s": "a"}, "a a a"),
]


@table(ARITHMETIC)
def test_arithmetic(case):
    check(*case)


@table(COMPARISONS)
def test_comparison(case):
    check(*case)


@table(MEMBERSHIP)
def test_membership(case):
    check(*case)


@table(LOGIC)
def test_logic(case):
    check(*case)


@table(TEXTS)
def test_format(case):
    check(*case)
