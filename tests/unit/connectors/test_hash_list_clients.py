"""StopNCII, ThreatExchange, Tech Against Terrorism: nothing lost, nothing twice, however their servers stumble."""

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.connectors.stopncii import StopNcii
from evenhand.connectors.stopncii.records import change as stopncii_change
from evenhand.connectors.tech_against_terrorism import TechAgainstTerrorism
from evenhand.connectors.tech_against_terrorism.records import change as tat_change
from evenhand.connectors.threatexchange import ThreatExchange
from evenhand.connectors.threatexchange.updates import change as threatexchange_change
from evenhand.engine.media.listing import Listed, ListFailed
from evenhand.runtime.listapi import ListApi
from tests.support.hashlists.others import StopNciiServer, TatServer, ThreatExchangeServer
from tests.support.hashlists.server import half, served, status
from tests.support.hashlists.shelf import Shelf, api

NOW = 1_800_000_000
DAY = 86_400
CHANCE = random.Random(5)
PDQ = [CHANCE.randbytes(32).hex() for _ in range(12)]


def record(n: int, **more):
    return {"lastModtimestamp": NOW - 5_000 + n, "hashValue": PDQ[n], "hashStatus": "Active", "signalType": "ImagePDQ",
            "caseNumbers": {"c": "Active"},
            "CSPFeedbacks": [{"source": "Example", "feedbackValue": "Blocked"}]} | more  # fmt: skip


def update(n: int, **more):
    described = [{"owner": {"id": "7"}, "tags": ["example"], "status": "MALICIOUS"}]
    return {"id": f"i{n}", "indicator": PDQ[n], "type": "HASH_PDQ", "last_updated": NOW - 5_000 + n,
            "should_delete": False, "descriptors": {"data": described}} | more  # fmt: skip


def result(n: int, **more):
    return {"id": n, "hash_digest": PDQ[n], "algorithm": "PDQ", "ideology": "example", "file_type": "jpg",
            "deleted": False, "updated_on": "2026-01-31T12:00:00.123456789Z"} | more  # fmt: skip


def stopncii(server, **options):
    def of(key):
        headers = {"x-functions-key": key, "ocp-apim-subscription-key": options.pop("subscription", "sub")}
        return api(server, "/v1", headers=headers, **options)

    return StopNcii(of("fetch"), lambda: of("feed"))


def threatexchange(server, now=NOW, token="tell-nobody", **options):
    client = api(server, headers={"authorization": f"Bearer {token}"}, **options)
    return ThreatExchange(client, "99", clock=lambda: now)


def tat(server, password="open sesame", **options):
    return TechAgainstTerrorism(api(server, **options), user="example", password=password)


ALL = {
    "stopncii": (StopNciiServer, record, stopncii, {"subscription": "hush"}),
    "threatexchange": (ThreatExchangeServer, update, threatexchange, {"token": "hush"}),
    "tat": (TatServer, result, tat, {"password": "hush"}),
}
every = pytest.mark.parametrize(("serve", "one", "client", "wrong"), ALL.values(), ids=ALL)


@every
def test_all_pages_are_read_each_once_and_only_the_last_is_complete(serve, one, client, wrong):
    with served(serve([one(n) for n in range(7)])) as server:
        shelf = Shelf().pull(client(server))
    assert {next(iter(held.hashes.values())).hex() for held in shelf.held.values()} == set(PDQ[:7])
    assert sum(len(page.changes) for page in shelf.pages) == 7
    assert [page.complete for page in shelf.pages] == [False] * 3 + [True]


@every
@pytest.mark.parametrize("fault", [status(500), status(429, retry_after="2"), half], ids=["500", "429", "half"])
def test_a_stumble_in_the_middle_loses_nothing(serve, one, client, wrong, fault):
    server = serve([one(n) for n in range(7)])
    server.faults = {3: fault}
    with served(server):
        shelf = Shelf().pull(client(server))
    assert len(shelf.held) == sum(len(page.changes) for page in shelf.pages) == 7


@every
def test_a_server_that_stays_broken_leaves_the_cursor_where_it_was(serve, one, client, wrong):
    server = serve([one(n) for n in range(7)])
    server.faults = dict.fromkeys(range(3, 99), status(502))
    with served(server):
        shelf = Shelf()
        assert "502" in str(shelf.fails(client(server)))
        server.faults = {}
        assert len(shelf.pull(client(server)).held) == 7


@every
def test_a_server_that_hangs_is_given_up(serve, one, client, wrong):
    server = serve([one(0)])
    server.hangs = set(range(9))
    with served(server):
        assert "within" in str(Shelf().fails(client(server, timeout=0.05)))


@every
def test_wrong_credentials_are_told_without_them(serve, one, client, wrong):
    with served(serve([one(0)])) as server:
        told = str(Shelf().fails(client(server, **wrong)))
        assert "401" in told
        assert "hush" not in told
        server.faults = dict.fromkeys(range(9), status(403))
        assert "403" in str(Shelf().fails(client(server)))


@every
def test_a_malformed_record_is_named_and_the_others_are_taken(serve, one, client, wrong):
    hashed = "indicator" if one is update else "hashValue" if one is record else "hash_digest"
    with served(serve([one(0), one(1, **{hashed: "not hex"}), one(2)])) as server:
        shelf = Shelf().pull(client(server))
    assert len(shelf.held) == 2
    assert len(shelf.refused) == 1
    assert "not hex" in shelf.refused[0]


@every
def test_entries_twice_and_out_of_order_are_once(serve, one, client, wrong):
    with served(serve([one(2), one(0), one(2), one(1)])) as server:
        assert len(Shelf().pull(client(server)).held) == 3


@pytest.mark.parametrize(
    "gone",
    [{"hashStatus": "Withdrawn"}, {"hashStatus": "Deleted"}, {"caseNumbers": {"c": "Withdrawn", "d": "Deleted"}}],
)
def test_stopncii_takes_back_by_status_or_by_its_cases(gone):
    server = StopNciiServer([record(0), record(1)])
    with served(server):
        shelf = Shelf().pull(stopncii(server))
        server.records[1] = record(1, lastModtimestamp=NOW, **gone)
        assert len(shelf.pull(stopncii(server)).held) == 1


def test_a_hash_of_stopncii_stands_while_one_case_does_and_tells_what_others_did():
    with served(StopNciiServer([record(0, caseNumbers={"c": "Withdrawn", "d": "Active"})])) as server:
        [held] = Shelf().pull(stopncii(server)).held.values()
    assert (held.classification, held.note) == ("Active", "Example: Blocked")


def test_texts_and_addresses_at_stopncii_are_no_media():
    with served(StopNciiServer([record(0, signalType="URL", hashValue="x"), record(1)])) as server:
        shelf = Shelf().pull(stopncii(server))
    assert (len(shelf.held), shelf.refused) == (1, [])


def test_a_token_that_expired_begins_the_range_again():
    server = StopNciiServer([record(n) for n in range(7)])
    server.expired = {"4"}
    with served(server):
        assert len(Shelf().pull(stopncii(server)).held) == 7


def test_a_broken_page_of_stopncii_keeps_back_neither_those_behind_it_nor_itself():
    server = StopNciiServer([record(n) for n in range(7)])
    server.broken_page = 2
    with served(server):
        shelf = Shelf().pull(stopncii(server))
        assert (len(shelf.held), shelf.cursor) == (5, "")
        assert "hashRecords" in shelf.refused[0]
        server.broken_page = -1
        assert len(shelf.pull(stopncii(server)).held) == 7
    assert shelf.cursor == str(NOW - 5_000 + 6)


def test_more_records_without_a_way_to_them_are_told():
    server = StopNciiServer([record(n) for n in range(7)])
    server.no_token = True
    with served(server):
        assert "nextPageToken" in str(Shelf().fails(stopncii(server)))


def test_what_we_did_is_told_to_stopncii():
    with served(StopNciiServer([])) as server:
        stopncii(server).feedback(Listed(key="k", hashes={"pdq": bytes(32)}), "down", "example")
    [sent] = server.feedbacks
    assert sent == {
        "count": 1,
        "hashFeedbacks": [{"hashValue": "00" * 32, "feedbackValue": "NotBlocked", "tags": ["example"]}],
    }


@pytest.mark.parametrize(
    "gone", [{"should_delete": True}, {"descriptors": {"data": []}}, {"descriptors": None},
             {"descriptors": [{"status": "NON_MALICIOUS"}]}]
)  # fmt: skip
def test_threatexchange_takes_back_by_flag_or_because_nobody_describes_it_as_harmful(gone):
    server = ThreatExchangeServer([update(0), update(1)])
    with served(server):
        shelf = Shelf().pull(threatexchange(server))
        server.updates[1] = update(1, last_updated=NOW, **gone)
        assert shelf.pull(threatexchange(server, NOW + 10)).held.keys() == {"i0"}


def test_who_was_away_for_long_reads_the_whole_group_and_misses_no_withdrawal():
    server = ThreatExchangeServer([update(n) for n in range(5)])
    with served(server):
        shelf = Shelf().pull(threatexchange(server))
        del server.updates[1:3]
        assert len(shelf.pull(threatexchange(server, NOW + 80 * DAY)).held) == 5
        assert len(shelf.pull(threatexchange(server, NOW + 170 * DAY)).held) == 3


def test_a_whole_range_with_a_broken_record_withdraws_nothing_and_is_read_again_in_a_day():
    server = ThreatExchangeServer([update(n) for n in range(4)])
    with served(server):
        shelf = Shelf().pull(threatexchange(server))
        server.updates[:2] = [update(0, indicator="broken")]
        assert len(shelf.pull(threatexchange(server, NOW + 90 * DAY)).held) == 4
        server.updates[0] = update(0)
        assert len(shelf.pull(threatexchange(server, NOW + 92 * DAY)).held) == 3


def test_an_update_from_the_future_does_not_move_the_cursor_there():
    server = ThreatExchangeServer([update(0, last_updated=NOW + 900 * DAY)])
    with served(server):
        shelf = Shelf().pull(threatexchange(server))
        server.updates.append(update(1, last_updated=NOW + 5))
        assert len(shelf.pull(threatexchange(server, NOW + 10)).held) == 2


def test_a_circle_of_cursors_ends():
    server = ThreatExchangeServer([update(n) for n in range(7)])
    server.circle = True
    with served(server):
        assert "circle" in str(Shelf().fails(threatexchange(server)))


def test_a_reaction_is_given_once():
    server = ThreatExchangeServer([])
    server.descriptors = {"d1": [], "d2": ["HELPFUL"]}
    with served(server):
        for _ in range(2):
            threatexchange(server).feedback(Listed(key="i0", hashes={}), "up", "")
        threatexchange(server).feedback(Listed(key="i0", hashes={}), "down", "disagree_with_tags")
    assert server.descriptors == {"d1": ["HELPFUL", "DISAGREE_WITH_TAGS"], "d2": ["HELPFUL", "DISAGREE_WITH_TAGS"]}


def test_what_tech_against_terrorism_deletes_is_withdrawn():
    server = TatServer([result(n) for n in range(3)])
    with served(server):
        shelf = Shelf().pull(tat(server))
        server.results.append(result(1, deleted=True))
        shelf.pull(tat(server))
        assert {held.hashes["pdq"].hex() for held in shelf.held.values()} == {PDQ[0], PDQ[2]}
        assert len(shelf.pages) == 1
        assert shelf.pull(tat(server)).pages[0].changes == ()


def test_a_token_that_ends_in_the_middle_is_renewed():
    server = TatServer([result(n) for n in range(9)])
    server.token_life = 2
    with served(server):
        assert len(Shelf().pull(tat(server)).held) == 9


def test_a_checkpoint_that_does_not_move_is_told():
    server = TatServer([result(n) for n in range(9)])
    server.stuck = True
    with served(server):
        assert "does not move" in str(Shelf().fails(tat(server)))


def test_tech_against_terrorism_takes_no_feedback():
    with served(TatServer([])) as server, pytest.raises(ListFailed, match="no feedback"):
        tat(server).feedback(Listed(key="1", hashes={}), "up", "")


@every
def test_a_mass_delete_is_told_as_what_it_is(serve, one, client, wrong):
    gone = {"hashStatus": "Deleted", "lastModtimestamp": NOW} if one is record else (
        {"should_delete": True, "last_updated": NOW} if one is update else {"deleted": True}
    )  # fmt: skip
    server = serve([one(n) for n in range(9)])
    with served(server):
        shelf = Shelf().pull(client(server))
        listed = server.records if one is record else server.updates if one is update else server.results
        listed += [one(n, **gone) for n in range(9)]
        assert shelf.pull(client(server)).held == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("change", "sound"),
    [(stopncii_change, record(0)), (threatexchange_change, update(0)), (tat_change, result(0))],
    ids=["stopncii", "threatexchange", "tat"],
)
@given(given=JSON, field=st.integers(0, 5))
def test_no_record_raises_anything_but_a_sentence(change, sound, given, field):
    name = list(sound)[field % len(sound)]
    for broken in (given, sound | {name: given}):
        with suppress(ValueError):
            found = change(broken)
            assert found is None or found.key


@pytest.mark.parametrize("base", ["http://10.0.0.1/list", "ftp://lists.example/"])
def test_an_address_that_is_refused_is_told_at_once(base):
    waits: list[float] = []
    with pytest.raises(ListFailed) as failed:
        ListApi("Example Hash List", base, sleep=waits.append).json("/x")
    assert failed.value.final
    assert waits == []
