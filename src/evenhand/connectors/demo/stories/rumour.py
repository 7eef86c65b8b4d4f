"""A false claim that comes back in new words, and the answer that never travels as far."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.connectors.demo import script
from evenhand.connectors.demo.scene import HOUR, Call, Scene

SHARES = 26
HOURS_OF_A_WAVE = 1.2
REPORTED = 0.25


def rumour(scene: Scene, at: float, wave: int) -> Iterator[Call]:
    chance, words = scene.chance, script.load().stories.rumour
    claim = words.waves[wave % len(words.waves)]
    for share in range(SHARES):
        sent = at + chance.triangular(0, HOURS_OF_A_WAVE * HOUR, HOUR / 4) * (share > 0)
        text = f"{claim} {chance.choice(words.variations)}".strip()
        post = scene.post(sent, scene.neighbour(), text, views=chance.randint(30, 900))
        yield scene.sent(sent, post)
        if chance.random() < REPORTED:
            later = sent + chance.expovariate(1 / 700)
            yield scene.reported(later, post, scene.neighbour(), "misleading", chance.choice(words.reasons))
    answered = at + HOURS_OF_A_WAVE * HOUR
    yield scene.sent(answered, scene.post(answered, scene.neighbour(), words.answer, views=chance.randint(10, 60)))
