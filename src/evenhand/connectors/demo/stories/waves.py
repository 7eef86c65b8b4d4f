"""Many accounts, one text: a wave of spam with changing words and domains, and two copied campaigns."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from evenhand.connectors.demo import script
from evenhand.connectors.demo.scene import HOUR, Call, Scene
from evenhand.connectors.demo.script import Campaign
from evenhand.connectors.demo.town import stranger

SPAMMERS = 22
SPAM = 240
SPAM_HOURS = 3.0
SPAM_REPORTED = 0.25
COPIES = 64
CAMPAIGN_HOURS = 1.5
COPY_REPORTED = 0.12
_LOOKALIKE = str.maketrans({"o": "0", "i": "1", "e": "3", "a": "@"})


def spam(scene: Scene, at: float) -> Iterator[Call]:
    chance, words = scene.chance, script.load().stories.spam
    spammers = [stranger(chance, number, days=chance.uniform(0.1, 2)) for number in range(SPAMMERS)]
    for spammer in spammers:
        yield scene.sent(at, scene.profile(spammer))
    for _ in range(SPAM):
        sent = at + chance.triangular(0, SPAM_HOURS * HOUR, SPAM_HOURS * HOUR / 4)
        link = f"https://{chance.choice(words.domains)}/{chance.choice('abcdefgh')}{chance.randrange(1000, 9999)}"
        text = chance.choice(words.texts).format(sum=f"{chance.choice(words.sums)} crowns", link=link)
        post = scene.post(
            sent,
            chance.choice(spammers),
            mutated(text, chance, words.decoration),
            link=link,
            views=chance.randint(5, 120),
        )
        yield scene.sent(sent, post)
        if chance.random() < SPAM_REPORTED:
            policy = chance.choice(["spam", "scam", "scam"])
            yield scene.reported(
                sent + chance.expovariate(1 / 400), post, scene.neighbour(), policy, chance.choice(words.reasons)
            )


def campaigns(scene: Scene, at: float) -> Iterator[Call]:
    """Both sides of the town's argument, alike in everything but the opinion."""
    for campaign in script.load().stories.campaigns:
        yield from _campaign(scene, at, campaign)


def _campaign(scene: Scene, at: float, campaign: Campaign) -> Iterator[Call]:
    chance, reasons = scene.chance, script.load().stories.campaign_reports.reasons
    group = {"id": "ferry-or-bridge", "typeId": "group"}
    for number in range(COPIES):
        author = stranger(chance, number + 100, days=chance.uniform(1, 40))
        sent = at + chance.uniform(0, CAMPAIGN_HOURS * HOUR)
        yield scene.sent(sent, scene.profile(author))
        text = f"{campaign.text} {chance.choice(campaign.twists)}".strip()
        post = scene.post(sent, author, text, group=group, views=chance.randint(20, 300))
        yield scene.sent(sent, post)
        if chance.random() < COPY_REPORTED:
            later = sent + chance.expovariate(1 / 600)
            yield scene.reported(later, post, scene.neighbour(), "campaigning", chance.choice(reasons))


def mutated(text: str, chance: Random, decoration: tuple[str, ...]) -> str:
    """The same text for a reader, another one for a naive filter."""
    words = text.split(" ")
    for _ in range(chance.randint(0, 2)):
        at = chance.randrange(len(words))
        if "://" not in words[at]:
            words[at] = chance.choice([words[at].translate(_LOOKALIKE), words[at].upper(), f"{words[at]} "])
    if chance.random() < 2 / 3:
        words.insert(chance.choice([0, len(words)]), chance.choice(decoration))
    return " ".join(words)
