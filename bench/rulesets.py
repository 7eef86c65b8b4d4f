"""Rule projects and events for the benchmarks of rules: all made up, from a seed."""

from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec

COMMON = (
    "the", "of", "and", "to", "in", "is", "you", "that", "it", "he", "was", "for", "on", "are", "as", "with", "his",
    "they", "at", "be", "this", "have", "from", "or", "had", "by", "here",
)  # fmt: skip
RARE = [f"term{number}" for number in range(400)]
COUNTRIES = ("de", "fr", "us", "jp", "br", "in")
KINDS = tuple(f"kind{number}" for number in range(10))
MODEL = """\
ActionName = GetActionName()
UserId: Entity[str] = EntityJson(type='User', path='$.user.id')
Age: int = JsonData(path='$.user.age_days')
Followers: int = JsonData(path='$.user.followers')
Country: str = JsonData(path='$.user.country')
Text: str = JsonData(path='$.text')
Lang: Optional[str] = JsonData(path='$.lang', required=False)
"""
Sources = dict[str, str]


def rule(number: int, random: Random) -> str:
    """Three plain conditions and a pattern: 15 nodes of the tree."""
    return (
        f"Rule{number} = Rule(when_all=[Age < {random.randrange(5, 400)}, Country in ['de', 'us', 'x{number}'], "
        f"RegexMatch(pattern=r'\\bterm{number % 400}\\d?\\b', target=Text), Followers >= {number % 100}], "
        f"description=f'rule {number} on {{UserId}}')"
    )


def whens(numbers: Sequence[int]) -> list[str]:
    """Labels and verdicts for each ten rules."""
    tens = [numbers[start : start + 10] for start in range(0, len(numbers), 10)]
    return [
        f"WhenRules(rules_any=[{', '.join(f'Rule{one}' for one in ten)}], "
        f"then=[LabelAdd(entity=UserId, label='label{ten[0]}'), DeclareVerdict(verdict='verdict{ten[0]}')])"
        for ten in tens
    ]


def flat(count: int) -> Sources:
    """All rules run for every event."""
    random = Random(1)
    rules = [rule(number, random) for number in range(count)]
    return {"main.sml": MODEL + "\n".join([*rules, *whens(range(count))]) + "\n"}


def gated(count: int) -> Sources:
    """A tenth of the rules for each of ten kinds of events."""
    random = Random(1)
    sources = {
        "model.sml": MODEL,
        "main.sml": "Import(rules=['model.sml'])\nRequire(rule=f'actions/{ActionName}.sml')\n",
    }
    for place, kind in enumerate(KINDS):
        numbers = range(count)[place :: len(KINDS)]
        lines = [*(rule(number, random) for number in numbers), *whens(numbers)]
        sources[f"actions/{kind}.sml"] = "\n".join(["Import(rules=['model.sml'])", *lines]) + "\n"
    return sources


def text(random: Random, characters: int) -> str:
    words = [random.choice(RARE) if random.random() < 0.02 else random.choice(COMMON) for _ in range(characters // 3)]
    return " ".join(words)[:characters]


def event(number: int, action: str, data: dict[str, Any]) -> bytes:
    return msgspec.json.encode(
        {"action_name": action, "action_id": number, "timestamp": "2026-03-01T12:00:00Z", "data": data}
    )


def simple_events(count: int, *, missing: float = 0.0) -> list[bytes]:
    """`missing`: which part of the fields is not there."""
    random = Random(2)
    return [event(number, random.choice(KINDS), _simple(random, missing)) for number in range(count)]


def _simple(random: Random, missing: float) -> dict[str, Any]:
    user = {
        "id": f"u{random.randrange(5000)}",
        "age_days": random.randrange(1000),
        "followers": random.randrange(1000),
        "country": random.choice(COUNTRIES),
    }
    data = {"text": text(random, 150), "lang": "en"}
    user, data = ({name: one for name, one in some.items() if random.random() >= missing} for some in (user, data))
    return {"user": user, **data}


def literals(count: int) -> Sources:
    """As many rules with one word each."""
    lines = ["Text: str = JsonData(path='$.text')"]
    lines += [f"Has{number} = RegexMatch(pattern=r'\\bterm{number}\\b', target=Text)" for number in range(count)]
    return {"main.sml": "\n".join(lines) + "\n"}
