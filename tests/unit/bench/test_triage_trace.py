"""The frozen trace of the triage benchmark: the same on every machine, and what it says of itself."""

from hashlib import sha256

import msgspec
import pytest

from bench.triage import trace
from bench.triage.world import IN_CAMPAIGNS, MAIN, MIX, SECOND, SENSITIVITY, VIOLATING

DIGESTS = {
    ("main", 1): "96f46234cb81e8b8",
    ("main", 2): "10894f96d5209d67",
    ("second: half-lives of 8 and 24 h, weak and strong scores, flat severities", 1): "fd1e9c0bb7c09848",
    ("a score that mobs move (+1.5 logits)", 1): "09514961d3fca96e",
}


def digest(world, seed):
    made = trace.make(world, seed, 1)
    return sha256(msgspec.json.encode([made.seen, made.truth])).hexdigest()[:16]


@pytest.mark.parametrize(("world", "seed"), [(MAIN, 1), (MAIN, 2), (SECOND, 1), (SENSITIVITY[-1], 1)])
def test_the_trace_is_frozen(world, seed):
    assert digest(world, seed) == DIGESTS[world.name, seed]


def test_a_policy_sees_nothing_of_the_truth():
    assert not set(trace.Seen.__struct_fields__) & set(trace.Truth.__struct_fields__) - {"views", "media"}


def test_the_shares_are_those_that_the_world_states():
    made = trace.make(MAIN, 3, 10)
    count = len(made.truth)
    for reason, share in enumerate(MIX):
        of_reason = [one for one in made.truth if one.reason == reason]
        assert len(of_reason) / count == pytest.approx(share, abs=0.08)
    singles = [one for one in made.truth if not one.campaign]
    assert sum(one.violating for one in singles) / len(singles) == pytest.approx(
        sum(m * (1 - c) * v for m, c, v in zip(MIX, IN_CAMPAIGNS, VIOLATING, strict=True))
        / sum(m * (1 - c) for m, c in zip(MIX, IN_CAMPAIGNS, strict=True)),
        abs=0.02,
    )
    innocent = [one for one in made.truth if not one.violating]
    assert sum(one.mobbed for one in innocent) / len(innocent) == pytest.approx(MAIN.mobs, abs=0.005)
    assert sum(one.seconds for one in made.truth) / count == pytest.approx(86, abs=2)


def test_the_score_is_right_on_average():
    made = trace.make(MAIN, 3, 10)
    middling = [truth.violating for seen, truth in zip(made.seen, made.truth, strict=True) if 0.4 < seen.score < 0.6]
    assert sum(middling) / len(middling) == pytest.approx(0.5, abs=0.1)


def test_views_that_are_told_never_fall_far_behind_those_that_came():
    made = trace.make(MAIN, 3, 1)
    told = sum(seen.reports[-1].views for seen in made.seen)
    assert 0 < told <= 1.05 * sum(1 + truth.views for truth in made.truth)
