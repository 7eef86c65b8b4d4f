"""Texts that others copy: sentences of made-up words, names, numbers, links and mentions, in several scripts."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

WORDS = Path(__file__).parents[1].joinpath("words.txt").read_text().split()
LITTLE = """
    the of and to in is you that it he was for on are as with his they at be this have from or had by here we our who
    what when there more than about all them so out up then would make like into time has look two write go see
    """.split()  # noqa: SIM905 (a list of words, not of strings)
SCRIPTS = {"plain": 55, "lower": 14, "capitals": 3, "nouns": 6, "cyrillic": 8, "greek": 3, "arabic": 4, "signs": 7}
"""How often each way of writing comes: ordinary, all lower case, all capitals, capitals on nouns as in German, …"""
_TO = {
    "cyrillic": str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопкрстувшжыз"),
    "greek": str.maketrans("abcdefghijklmnopqrstuvwxyz", "αβκδεφγηιιχλμνοπκρστυβωξυζ"),
    "arabic": str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابكدهفغحيجقلمنوبقرستعفوخيز"),
}
_NOT = {"plain": "not", "cyrillic": "не", "greek": "δεν", "arabic": "ليس", "signs": "不"}


@dataclass(frozen=True)
class Token:
    text: str
    kind: str = "word"
    """word, little, name, number, link, mention or not."""


Sentence = tuple[Token, ...]


@dataclass(frozen=True)
class Text:
    """What is written, before it is drawn in letters."""

    sentences: tuple[Sentence, ...]
    script: str
    quoted: bool = False

    @property
    def count(self) -> int:
        return sum(map(len, self.sentences))

    def with_sentences(self, sentences: list[Sentence]) -> "Text":
        return replace(self, sentences=tuple(sentences))


class Writer:
    """Makes texts from a seed."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._weights = [1 / (rank + 20) for rank in range(len(WORDS))]
        self._ordinary = random.sample(WORDS, len(WORDS))

    def word(self) -> str:
        return self.random.choices(self._ordinary, self._weights)[0]

    def name(self) -> str:
        return self.random.choice(WORDS).capitalize()

    def link(self) -> str:
        return f"https://{self.word()}.example/{self.word()}{self.random.randrange(1000)}"

    def number(self) -> str:
        return str(self.random.choice((self.random.randrange(2, 60), self.random.randrange(1000, 10**7))))

    def sentence(self, shortest: int = 5, longest: int = 14) -> Sentence:
        """About every second word is a little one."""
        tokens = []
        for _ in range(self.random.randint(shortest, longest)):
            little = self.random.random() < 0.45
            tokens.append(Token(self.random.choice(LITTLE), "little") if little else Token(self.word()))
        return tuple(tokens)

    def text(self) -> Text:
        """One in five is short: a single sentence of three to seven words."""
        script = self.random.choices(list(SCRIPTS), list(SCRIPTS.values()))[0]
        short = self.random.random() < 0.2
        made = [self.sentence(3, 7)] if short else [self.sentence() for _ in range(self.random.randint(1, 6))]
        for kind, chance in (
            ("name", 0.6),
            ("name", 0.2),
            ("number", 0.3),
            ("link", 0.15),
            ("mention", 0.15),
            ("not", 0.35),
        ):
            if self.random.random() < chance:
                place = self.random.randrange(len(made))
                made[place] = self.insert(made[place], self.token(kind, script))
        return Text(tuple(made), script)

    def token(self, kind: str, script: str) -> Token:
        made: dict[str, Callable[[], str]] = {
            "name": self.name, "number": self.number, "link": self.link, "mention": lambda: f"@{self.word()}"
        }  # fmt: skip
        return Token(made[kind]() if kind in made else _NOT.get(script, "not"), kind)

    def insert(self, sentence: Sentence, token: Token) -> Sentence:
        place = self.random.randint(1, len(sentence)) if token.kind != "not" else self.random.randrange(len(sentence))
        return (*sentence[:place], token, *sentence[place:])


def draw(text: Text) -> str:
    """The text in its letters."""
    drawn = " ".join(_sentence(sentence, text.script) for sentence in text.sentences)
    if text.script == "signs":
        drawn = re.sub(" (?! )(?<!  )", "", drawn)
    return f"“{drawn}”" if text.quoted else drawn


def _sentence(sentence: Sentence, script: str) -> str:
    words = [_token(token, script) for token in sentence]
    if script in ("plain", "nouns", "cyrillic", "greek"):
        words[0] = words[0][:1].upper() + words[0][1:]
    return " ".join(words) + ("。" if script == "signs" else ".")


def _token(token: Token, script: str) -> str:
    if token.kind in ("link", "mention"):
        return f" {token.text} " if script == "signs" else token.text
    if script == "signs":
        return token.text if token.kind in ("number", "not") else _signs(token.text)
    if script in _TO and token.text.isascii():
        lower = token.text.lower().translate(_TO[script])
        return lower.capitalize() if token.kind == "name" else lower
    if script == "capitals":
        return token.text.upper()
    if script == "lower":
        return token.text.lower()
    return token.text.capitalize() if script == "nouns" and token.kind == "word" else token.text


def _signs(word: str) -> str:
    """One or two Chinese characters for a word, always the same."""
    number = sum(ord(letter) * 31**place for place, letter in enumerate(word.lower()))
    signs = [chr(0x5000 + number % 2900), chr(0x5000 + number // 2900 % 2900)]
    return "".join(signs[: 1 if len(word) < 4 else 2]).translate({ord(sign): "的" for sign in "不没沒無无未别勿"})
