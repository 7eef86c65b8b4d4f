"""What people do to a text that they copy, and what makes another text of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from bench.copypasta.seeds import Text, Token, Writer, draw

EMOJI = "😂🔥💯🙏👀😱❤✨🎉😡"
LOOKALIKE = str.maketrans("aceopxyisj", "асеорхуіѕј")
LEET = str.maketrans("oeas", "034$")
_SPELLED = (("k", "ck"), ("v", "w"), ("s", "z"), ("f", "ph"), ("i", "y"), ("t", "th"))
_TOGETHER = {"sch": "ш", "sh": "ш", "ch": "ч", "ck": "к", "qu": "кв", "th": "т"}
_CYRILLIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абкдефгхийклмнопкрстуввкиз")
TELLING = ("plain", "cyrillic", "greek")
LONG = 24
"""In shorter texts a swapped word is another meaning; in those of so many words, one in 25 is an edit."""

Edit = Callable[[Text, Writer], Text | None]
"""None: it does not fit this text."""


def moved(text: Text, writer: Writer) -> Text | None:
    if len(text.sentences) < 2:
        return None
    sentences = list(text.sentences)
    writer.random.shuffle(sentences)
    return text.with_sentences(sentences)


def added(text: Text, writer: Writer) -> Text | None:
    """A sentence of at most 40 % of the text."""
    if text.count < 10:
        return None
    more = writer.sentence(2, max(2, int(0.4 * text.count)))
    place = writer.random.choice((0, len(text.sentences)))
    return text.with_sentences([*text.sentences[:place], more, *text.sentences[place:]])


def shortened(text: Text, writer: Writer) -> Text | None:
    """Without a sentence of at most a third that names, counts and denies nothing."""
    dull = [one for one in text.sentences if all(token.kind in ("word", "little") for token in one)]
    small = [one for one in dull if 3 * len(one) <= text.count]
    if not small:
        return None
    gone = writer.random.choice(small)
    return text.with_sentences([one for one in text.sentences if one is not gone])


def renamed(text: Text, writer: Writer) -> Text | None:
    """Names in another alphabet, or spelled as another language does."""
    if text.script != "plain" or not any(token.kind == "name" for one in text.sentences for token in one):
        return None
    cyrillic = writer.random.random() < 0.5
    spelled = writer.random.choice(_SPELLED)
    return _each(text, "name", _in_cyrillic if cyrillic else lambda name: name[0] + name[1:].replace(*spelled))


def _in_cyrillic(name: str) -> str:
    together = re.sub("|".join(_TOGETHER), lambda sounds: _TOGETHER[sounds.group()], name.lower())
    return together.translate(_CYRILLIC).capitalize()


def swapped(text: Text, writer: Writer) -> Text | None:
    """Only where capitals tell names: elsewhere nobody could say whether a name was swapped or a word."""
    if text.count < LONG or text.script not in TELLING:
        return None
    return _swap(text, writer, max(1, text.count // 25))


def _swap(text: Text, writer: Writer, count: int) -> Text:
    places = [(s, t) for s, one in enumerate(text.sentences) for t, token in enumerate(one) if token.kind == "word"]
    sentences = [list(one) for one in text.sentences]
    for s, t in writer.random.sample(places, min(count, len(places))):
        sentences[s][t] = Token(writer.word())
    return text.with_sentences([tuple(one) for one in sentences])


def tracked(text: Text, writer: Writer) -> Text | None:
    if not any(token.kind == "link" for one in text.sentences for token in one):
        return None
    return _each(text, "link", lambda link: f"{link}?utm_source={writer.word()}")


def _each(text: Text, kind: str, change: Callable[[str], str]) -> Text:
    return text.with_sentences(
        [
            tuple(replace(token, text=change(token.text)) if token.kind == kind else token for token in one)
            for one in text.sentences
        ]
    )


STRUCTURAL: dict[str, Edit] = {
    "moved": moved, "added": added, "shortened": shortened, "names": renamed, "words": swapped, "tracking": tracked,
}  # fmt: skip


def emoji(drawn: str, random: Random) -> str:
    words = drawn.split(" ")
    for _ in range(random.randint(1, 4)):
        words.insert(random.randint(0, len(words)), "".join(random.choices(EMOJI, k=random.randint(1, 3))))
    return " ".join(words)


def lookalikes(drawn: str, random: Random) -> str:
    return _letters(drawn, random, 0.15, LOOKALIKE)


def leet(drawn: str, random: Random) -> str:
    """In a word or two."""
    words = drawn.split(" ")
    for place in random.sample(range(len(words)), min(2, len(words))):
        if re.fullmatch(r"[a-z]{4,}", words[place]):
            words[place] = words[place][0] + words[place][1:].translate(LEET)
    return " ".join(words)


def case(drawn: str, random: Random) -> str:
    return drawn.upper() if random.random() < 0.4 else drawn.lower()


def marks(drawn: str, random: Random) -> str:
    """Other marks and spaces, and letters with nothing to see between them."""
    drawn = re.sub(r"\.(?= |$)", lambda _: random.choice((".", "!", "!!", "...", " ")), drawn)
    drawn = re.sub(" ", lambda _: random.choice((" ",) * 9 + ("\n", "  ")), drawn)
    return re.sub(r"(?<=[^\W\d_]{3})(?=[^\W\d_]{3})", lambda _: "\u200b" if random.random() < 0.02 else "", drawn)


def _letters(drawn: str, random: Random, share: float, table: dict[int, int]) -> str:
    return " ".join(
        word
        if "://" in word or word.startswith("@")
        else "".join(chr(table.get(ord(x), ord(x))) if random.random() < share else x for x in word)
        for word in drawn.split(" ")
    )


LETTERS = {"emoji": emoji, "homoglyphs": lookalikes, "leet": leet, "case": case, "marks": marks}


def denied(text: Text, writer: Writer) -> Text:
    """Something is not so, or is so after all."""
    sentences = [list(one) for one in text.sentences]
    there = [(s, t) for s, one in enumerate(sentences) for t, token in enumerate(one) if token.kind == "not"]
    if there:
        s, t = writer.random.choice(there)
        del sentences[s][t]
    else:
        s = writer.random.randrange(len(sentences))
        sentences[s] = list(writer.insert(tuple(sentences[s]), writer.token("not", text.script)))
    return text.with_sentences([tuple(one) for one in sentences])


def _other(kind: str) -> Edit:
    def change(text: Text, writer: Writer) -> Text | None:
        if not any(token.kind == kind for one in text.sentences for token in one):
            return None
        return _each(text, kind, lambda _: writer.token(kind, text.script).text)

    return change


def named(text: Text, writer: Writer) -> Text | None:
    """Somebody else is named as well."""
    if text.script not in TELLING or text.count < 10:
        return None
    more = writer.insert(writer.sentence(2, max(2, int(0.4 * text.count))), writer.token("name", text.script))
    return text.with_sentences([*text.sentences, more])


def quoted(text: Text, writer: Writer) -> Text:
    """Somebody tells what they were sent."""
    return replace(text, quoted=True).with_sentences([writer.sentence(3, 5), *text.sentences])


def turned(text: Text, _writer: Writer) -> Text | None:
    """Two names in one another's place: who did what to whom."""
    names = {token.text for one in text.sentences for token in one if token.kind == "name"}
    if len(names) != 2:
        return None
    first, second = sorted(names)
    return _each(text, "name", {first: second, second: first}.__getitem__)


def other_thing(text: Text, writer: Writer) -> Text | None:
    """One word of a short text."""
    return (
        _swap(text, writer, 1) if text.count < 16 and any(t.kind == "word" for s in text.sentences for t in s) else None
    )


NEGATIVES: dict[str, Edit] = {
    "negation": denied, "other name": _other("name"), "other number": _other("number"), "other link": _other("link"),
    "other mention": _other("mention"), "quoted": quoted, "one more name": named, "names turned": turned,
    "other thing": other_thing,
}  # fmt: skip


def copy(text: Text, writer: Writer, most: int = 3) -> tuple[str, list[str]]:
    """One copy as somebody would post it, and the names of up to `most` edits."""
    random = writer.random
    names: list[str] = []
    for name in random.sample(list(STRUCTURAL), random.randint(0, most)):
        if {"added", "shortened"} <= {name, *names}:
            continue  # a sentence in the place of another one may say anything
        if (changed := STRUCTURAL[name](text, writer)) is not None:
            text = changed
            names.append(name)
    drawn = draw(text)
    for name in random.sample(list(LETTERS), random.randint(0, 2)):
        if len(names) < most and (changed_text := LETTERS[name](drawn, random)) != drawn:
            drawn = changed_text
            names.append(name)
    return drawn, names
