"""What a desk has learnt in its first half year, from earlier traces of the same world: the same for all seeds.

One person looked at 1,256 items a week for 26 weeks. At most one look in ten was a random audit; the others count for
the records of reporters and authors only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np

from bench.triage.desk import Desk, Stream
from bench.triage.memory import Audit, Memory
from bench.triage.product import Product, policies, stakes
from bench.triage.trace import HOUR, Trace, make
from bench.triage.world import World
from evenhand.engine.triage import audit
from evenhand.engine.triage.harm import CaseFacts, Harm, Model, expected_harm
from evenhand.engine.triage.holds import lead

LOOKS = 26 * 30 * 3600 // 86
AUDITED = 10
OFTEN = 2
"""So many times as often as the product draws, as a trace has only what was looked at: about one in ten again."""
SECRET = b"history"
FIRST_SEED = 900_001
"""No trace that is counted has such a seed."""


@lru_cache(maxsize=4)
def history(world: World, load: float) -> Memory:
    """Audits are scored at the end, under the curves that all of them give."""
    memory = Memory()
    audited: list[tuple[CaseFacts, float, bool]] = []
    document, often = policies(world), {name: OFTEN * stake for name, stake in stakes(world).items()}
    for desk, items in _weeks(world, load):
        product, model = _ready(desk, memory), memory.model()
        audits = len(items) // AUDITED
        for item in items:
            truth, seen = desk.trace.truth[item], desk.trace.seen[item]
            facts = product.facts(item)
            harm = expected_harm(facts, document, int(desk.reported_at[item]), model) if audits else None
            chance = _chance(harm, often) if harm else 0.0
            if harm and audit.drawn(SECRET, f"{desk.trace.seed} {item}", chance):
                audited.append((facts, chance, not truth.violating))
                memory.learn(harm, truth.reason if truth.violating else None)
                audits -= 1
            memory.count(seen, len(seen.reports), truth.reason if truth.violating else None)
        memory.tell(desk.trace.seen)
        memory.forget_strangers()
    model = memory.model()
    for facts, chance, wrong in audited:
        harm = expected_harm(facts, document, max(report.received_at for report in facts.reports), model)
        policy, score = lead(harm)
        kept = Audit(score, max(chance, _chance(harm, often)), audit.reference(often[policy]), wrong)
        memory.audits[policy].append(kept)
    return memory


def _chance(harm: Harm, often: Mapping[str, float]) -> float:
    policy, score = lead(harm)
    return audit.inclusion(score, held=False, stake=often[policy])


def _weeks(world: World, load: float) -> Iterator[tuple[Desk, list[int]]]:
    """Desks with the items that were audited, until the looks are used up."""
    left, seed = LOOKS, FIRST_SEED
    while left > 0:
        trace = make(world, seed, load)
        looked = min(left, len(trace.seen) // max(1, round(load)))
        chosen = _spread(trace, looked)
        yield Desk(trace, Stream(trace)), chosen
        left, seed = left - max(1, looked), seed + 1


def _spread(trace: Trace, count: int) -> list[int]:
    return np.linspace(0, len(trace.seen) - 1, count).astype(int).tolist()


def _ready(desk: Desk, memory: Memory) -> Product:
    """As a day after the first report of each item: what was reported until then."""
    product = Product(desk, memory, Model())
    for item, seen in enumerate(desk.trace.seen):
        known = [one for one in seen.reports if one.at <= seen.reports[0].at + 24 * HOUR]
        desk.reports[item], desk.views[item], desk.reported_at[item] = len(known), known[-1].views, known[-1].at
    return product
