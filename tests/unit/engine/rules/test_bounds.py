"""What rules make stays small, however they feed on each other, before any event and for each one."""

import time
from itertools import pairwise

import pytest

from evenhand.engine.rules.functions.search import has_words
from evenhand.engine.text.words import stands_alone
from tests.unit.engine.rules.semantics import run_both

TEXT = "S: str = JsonData(path='$.s')\n"


def chain(first: str, step: str, length: int) -> str:
    """X0 is `first`; each next one is made of the one before, which is X in `step`."""
    names = [f"X{number}" for number in range(length)]
    steps = [f"{name} = {step.replace('X', before)}" for before, name in pairwise(names)]
    return "\n".join([f"X0 = {first}", *steps, ""])


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (chain("'a' * 1000000", "f'{X}{X}'", 40), "characters"),
        (chain("S", "f'{X}{X}'", 40), "characters"),
        (TEXT + "A = S * 900\nX = f'" + "{A}" * 5_000 + "'\n", "characters"),
        (chain("S", "X + X", 40), "characters"),
        (chain("S", "Base64Encode(input=X)", 60), "characters"),
        (chain("S", "StringReplace(s=X, old='a', new='aa')", 40), "characters"),
        (chain("[S]", "[X, X]", 40), "100,000 values"),
        (chain("[S]", "ConcatStringLists(lists=[X, X])", 40), "100,000"),
        ("A = 2 ** 10000000000\n", "bits"),
        ("A = 1 << 10000000000\n", "bits"),
        (chain("StringLength(s=S) + 1", "X * X", 40), "bits"),
    ],
)
def test_what_would_grow_without_end_is_failed_and_told(sources, told):
    began = time.process_time()
    result = run_both(sources if "JsonData" in sources else TEXT + sources, {"s": "a" * 1_000})
    assert told in result.errors[0].message
    assert time.process_time() - began < 5


def test_texts_that_rules_make_do_not_stand_in_the_code():
    texts = "".join(
        f"A{number} = '{number} ' * 200000\nN{number} = StringLength(s=A{number})\n" for number in range(50)
    )
    began = time.process_time()
    assert run_both(texts, {}).features["N49"] == 600_000
    assert time.process_time() - began < 5


def test_a_long_text_that_is_written_out_is_read_as_it_is():
    written = "a\\'\\n\u2028\U0001f600{" * 500
    sources = TEXT + f"A = '{written}'\nX = S == A\nY = f'{{S}}' == A\n"
    assert run_both(sources, {"s": "a'\n\u2028\U0001f600{" * 500}).features["X"] is True


@pytest.mark.parametrize(
    ("text", "phrase"),
    [("a" * 500_000, "a" * 200_000), ("ab " * 150_000, "ab " * 50_000 + "a"), ("ab" * 250_000, "ab" * 100_000)],
)
def test_a_phrase_that_repeats_itself_is_looked_for_in_linear_time(text, phrase):
    began = time.process_time()
    assert not has_words(text, phrase)
    assert has_words(f"{text} {phrase}", phrase)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("phrase", ["ab a", "aa", "a", "abab", "a b a", "b ab ab a"])
def test_the_slow_way_finds_what_the_quick_one_does(monkeypatch, phrase):
    texts = [
        f"{start}ab {'ab ' * 3}{middle}{phrase}{end}"
        for start in ("", "x")
        for middle in ("", "a", " ")
        for end in ("", "b")
    ]
    quick = [has_words(text, phrase) for text in texts]
    monkeypatch.setattr("evenhand.engine.rules.functions.search._MOST_COMPARED", 0)
    assert [has_words(text, phrase) for text in texts] == quick
    assert quick == [
        any(text.startswith(phrase, at) and stands_alone(text, at, at + len(phrase)) for at in range(len(text)))
        for text in texts
    ]


def test_characters_to_strip_are_few():
    found = run_both(TEXT + "X = StringStrip(s='xa', chars=S)\n", {"s": "x" * 1_001})
    assert found.features["X"] is None
    assert "1,000 are the most" in found.errors[0].message
