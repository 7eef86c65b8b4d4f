"""The triage benchmark measures what it says, and ranks as the product does."""

import numpy as np
import pytest

from bench.triage import chart, orders, trace
from bench.triage.arms import plain
from bench.triage.clustered import Clustered
from bench.triage.desk import Desk, Stream
from bench.triage.holding import Holding
from bench.triage.memory import Memory
from bench.triage.metrics import Ledger, figures
from bench.triage.product import LANE_APART, Product
from bench.triage.rosters import OFFICE, Roster, office_and_checks, round_the_clock, spread
from bench.triage.run import Outcome, run
from bench.triage.trace import DAY, HOUR, START
from bench.triage.world import MAIN
from evenhand.engine.triage.harm import expected_harm


@pytest.fixture(scope="module")
def made():
    return trace.make(MAIN, 7, 1)


@pytest.fixture(scope="module")
def stream(made):
    return Stream(made)


def outcome(made, decided_at):
    count = len(made.seen)
    violating = np.array([one.violating for one in made.truth])
    return Outcome(np.full(count, decided_at), violating, np.ones(count, np.bool_), (), count, 0, 3600.0)


def test_who_decides_nothing_averts_nothing_and_who_decides_all_at_once_averts_all(made):
    ledger = Ledger(made)
    assert figures(ledger, outcome(made, np.inf)).averted == pytest.approx(0)
    assert figures(ledger, outcome(made, float(START))).averted > 0.99


@pytest.mark.parametrize("roster", [OFFICE, office_and_checks(), spread()])
def test_one_person_works_thirty_hours_a_week(roster: Roster):
    [seat] = roster.seats
    assert sum(min(end, START + 7 * DAY) - begin for begin, end in seat if begin < START + 7 * DAY) == pytest.approx(
        30 * HOUR, rel=0.001
    )


@pytest.mark.parametrize("make", [plain(orders.newest_first), Product, Clustered])
def test_no_arm_decides_an_item_before_it_was_reported(made, stream, make):
    found = run(made, stream, make, OFFICE)
    assert (found.decided_at >= Ledger(made).opened_at).all()


def test_nobody_beats_the_oracle_by_much_and_a_team_round_the_clock_beats_all(made, stream):
    ledger = Ledger(made)
    averted = {
        name: figures(ledger, run(made, stream, arm, roster)).averted
        for name, arm, roster in (
            ("oracle", plain(orders.oracle(made)), OFFICE),
            ("ours", Product, OFFICE),
            ("team", plain(orders.oldest_first), round_the_clock(8)),
        )
    }
    assert averted["ours"] <= averted["oracle"] * 1.1
    assert averted["team"] > 0.9


def test_ranks_on_the_bench_are_those_of_the_product(made, stream):
    product = Product(Desk(made, stream), Memory())
    product.fold(START + 5 * DAY)
    for item in list(product.harms)[-100:]:
        now = int(product.desk.reported_at[item])
        harm = expected_harm(product.facts(item), product.policies, now, product.model)
        assert product.place[item] == pytest.approx(harm.rank - harm.lane * LANE_APART, rel=1e-9)


def test_without_audits_there_is_no_licence_and_nothing_is_held(made, stream):
    assert run(made, stream, lambda desk: Holding(desk, Memory(), limit=0.05, budget=0.02), OFFICE).holds == ()


def test_the_chart_has_a_line_and_a_label_for_each_arm():
    drawn = chart.chart({"ours": [(0.2, 0.1, 0.3)] * 2, "a <b> order": [(0.1, 0.1, 0.1)] * 2}, [5, 10])
    assert drawn.count("<polyline") == 2
    assert "a &lt;b&gt; order" in drawn
