"""NCMEC's hash sharing: nothing lost, nothing twice, however its server stumbles."""

import random
from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.connectors.ncmec_hashes import NcmecHashes, from_config
from evenhand.connectors.ncmec_hashes.entries import read
from evenhand.connectors.ncmec_hashes.xml import parse
from evenhand.engine.media.listing import Listed, ListFailed
from tests.support.hashlists.ncmec import NAMESPACE, PREFIX, Entry, Ncmec
from tests.support.hashlists.server import Said, half, served, status
from tests.support.hashlists.shelf import Shelf, api

NOW = 1_800_000_000
CHANCE = random.Random(4)


def some(count: int, **more) -> list[Entry]:
    return [
        Entry(
            CHANCE.choice([42, 43]),
            f"e{n}",
            NOW - 1_000 - n % 7,
            CHANCE.randbytes(16).hex(),
            CHANCE.randbytes(32).hex(),
        )._replace(**more)
        for n in range(count)
    ]


def client(server: Ncmec, *, password: str = "open sesame", clock=lambda: NOW, waits=None, **options) -> NcmecHashes:
    secret = b64encode(f"example:{password}".encode()).decode()
    return NcmecHashes(api(server, PREFIX, waits, headers={"authorization": f"Basic {secret}"}, **options), clock=clock)


def keys(entries: list[Entry]) -> set[str]:
    return {f"{one.member}-{one.id}" for one in entries}


def test_a_list_is_read_page_by_page_to_its_end_in_whatever_order_it_comes():
    entries = some(10)
    with served(Ncmec(entries)) as server:
        shelf = Shelf().pull(client(server))
    assert shelf.held.keys() == keys(entries)
    assert [page.complete for page in shelf.pages] == [False] * 4 + [True]
    assert sum(len(page.changes) for page in shelf.pages) == 10
    one = shelf.held[f"{entries[0].member}-e0"]
    assert one.hashes == {"md5": bytes.fromhex(entries[0].md5), "pdq": bytes.fromhex(entries[0].pdq)}
    assert (one.classification, one.tags, one.at) == ("A1", (f"member:{entries[0].member}",), entries[0].at * 1_000_000)


def test_more_entries_in_one_second_than_a_page_has_are_all_read():
    entries = some(2_100, at=NOW - 500)
    with served(Ncmec(entries, size=1_000)) as server:
        assert Shelf().pull(client(server)).held.keys() == keys(entries)


def test_the_next_synchronisation_reads_only_what_came_since():
    server = Ncmec(some(4))
    with served(server):
        shelf = Shelf().pull(client(server))
        late = Entry(42, "late", NOW + 100, "ab" * 16)
        server.entries.append(late)
        server.now = NOW + 1_000
        shelf.pull(client(server))
    assert [change.key for page in shelf.pages for change in page.changes] == ["42-late"]
    assert len(shelf.held) == 5


def test_the_servers_clock_counts_not_ours():
    server = Ncmec(some(1))
    with served(server):
        shelf = Shelf().pull(client(server, clock=lambda: NOW + 86_400))
        server.entries.append(Entry(42, "late", NOW + 10, "ab" * 16))
        server.now = NOW + 200
        shelf.pull(client(server, clock=lambda: NOW + 86_400))
    assert "42-late" in shelf.held


def test_what_a_member_deletes_is_withdrawn_and_the_same_hash_of_another_member_stays():
    mine = Entry(42, "e1", NOW - 900, "ab" * 16)
    with served(Ncmec([mine, mine._replace(member=43, classification="B2")])) as server:
        shelf = Shelf().pull(client(server))
        assert {key: one.classification for key, one in shelf.held.items()} == {"42-e1": "A1", "43-e1": "B2"}
        server.entries.append(mine._replace(at=NOW + 10, deleted=True))
        server.now = NOW + 500
        shelf.pull(client(server))
    assert shelf.held.keys() == {"43-e1"}


def test_links_that_expire_halve_the_window_until_it_can_be_read():
    entries = [one._replace(at=NOW - 1_000 - 400 * n) for n, one in enumerate(some(40))]
    server = Ncmec(entries)
    server.most_pages = 2
    with served(server):
        assert Shelf().pull(client(server)).held.keys() == keys(entries)


def test_a_second_whose_links_expire_at_once_is_told_and_the_cursor_stays():
    server = Ncmec(some(10, at=NOW - 500))
    server.most_pages = 0
    with served(server):
        assert "expire" in str(Shelf().fails(client(server)))


@pytest.mark.parametrize("fault", [status(500), status(503), status(429, retry_after="3"), half])
def test_a_stumble_in_the_middle_loses_nothing(fault):
    entries, waits = some(10), []
    server = Ncmec(entries)
    server.faults = {3: fault}
    with served(server):
        shelf = Shelf().pull(client(server, waits=waits))
    assert shelf.held.keys() == keys(entries)
    assert sum(len(page.changes) for page in shelf.pages) == 10
    assert waits in ([1.0], [3.0], [])


def test_a_server_that_stays_broken_is_told_with_how_long_it_wants_to_be_left_alone():
    server = Ncmec(some(10))
    server.faults = dict.fromkeys(range(3, 99), status(429, retry_after="900"))
    with served(server):
        failed = Shelf().fails(client(server))
    assert (failed.retry_after, len(server.asked)) == (900, 4)


def test_a_server_that_hangs_is_given_up():
    server = Ncmec(some(1))
    server.hangs = set(range(9))
    with served(server):
        assert "within" in str(Shelf().fails(client(server, timeout=0.05)))


def test_wrong_credentials_and_missing_permission_are_different_sentences_without_the_secret():
    server = Ncmec(some(1))
    with served(server):
        wrong = str(Shelf().fails(client(server, password="hush-hush")))
        server.permitted = False
        forbidden = str(Shelf().fails(client(server)))
    assert "401" in wrong
    assert "403" in forbidden
    assert "hush" not in wrong
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "link", ["http://127.0.0.2/v2/entries", "//elsewhere.example/v2/entries", "http://[", "https:/v2"]
)
def test_a_next_page_elsewhere_is_not_followed(link):
    server = Ncmec(some(10))
    server.next_link = link
    with served(server):
        assert "not followed" in str(Shelf().fails(client(server)))


def test_a_circle_of_pages_ends():
    server = Ncmec(some(10))
    server.next_link = "/v2/entries?from=2020-01-01T00:00:00Z&amp;to=2030-01-01T00:00:00Z"
    with served(server):
        assert "circle" in str(Shelf().fails(client(server)))


def test_a_malformed_record_is_named_and_the_others_are_taken():
    entries = some(3)
    entries[1] = entries[1]._replace(raw="<md5>not hex</md5>")
    with served(Ncmec(entries)) as server:
        shelf = Shelf().pull(client(server))
    assert len(shelf.held) == 2
    assert len(shelf.refused) == 1
    assert "e1" in shelf.refused[0]
    assert "not hex" in shelf.refused[0]


def test_entities_and_document_types_are_refused():
    bomb = b'<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><queryResult>&b;</queryResult>'
    with pytest.raises(ListFailed, match="document type"):
        parse(bomb, "Example")
    with pytest.raises(ListFailed, match="deep"):
        parse(b"<a>" * 5_000, "Example")


def test_a_films_md5_is_a_films_and_large_fingerprints_stay_where_they_are():
    raw = f'<md5>{"ab" * 16}</md5><tmk-pdqf rel="self" href="/v2/entries/1/fingerprints/TMK_PDQF"/>'
    with served(Ncmec([Entry(42, "f", NOW - 900, raw=raw, kind="video")])) as server:
        one = Shelf().pull(client(server)).held["42-f"]
    assert one.hashes == {"video_md5": b"\xab" * 16}
    assert "by reference: tmk-pdqf" in one.tags


def test_an_opinion_is_put_on_each_fingerprint_and_twice_is_once():
    entry = Listed(key="42-e1", hashes={"md5": bytes(16), "pdq": bytes(32)})
    with served(Ncmec([])) as server:
        for _ in range(2):
            client(server).feedback(entry, "down", "Example: not harmful")
    assert server.opinions.keys() == {f"/v2/entries/42/e1/{kind}/feedback" for kind in ("MD5", "PDQ")}
    body = server.opinions["/v2/entries/42/e1/MD5/feedback"]
    assert parse(body, "us").findtext("negative/reasonIds/guid") == "0e4f0000-0000-0000-0000-000000000001"


def test_a_reason_that_the_list_does_not_know_is_refused_before_anything_is_sent():
    entry = Listed(key="42-e1", hashes={"md5": bytes(16)})
    with served(Ncmec([])) as server, pytest.raises(ListFailed, match="Example: not harmful"):
        client(server).feedback(entry, "down", "because")
    assert not server.opinions


def test_words_of_ones_own_are_sent_under_the_reason_that_the_configuration_names():
    secret = b64encode(b"example:open sesame").decode()
    with served(Ncmec([])) as server:
        named = api(server, PREFIX, headers={"authorization": f"Basic {secret}"})
        list_ = NcmecHashes(named, reason="example: not harmful")
        list_.feedback(Listed(key="42-e1", hashes={"md5": bytes(16)}), "down", "It is an advert.")
    assert server.opinions


def test_agreeing_needs_no_reason():
    with served(Ncmec([])) as server:
        client(server).feedback(Listed(key="42-e1", hashes={"md5": bytes(16)}), "up", "")
    [body] = server.opinions.values()
    assert parse(body, "us").find("affirmative") is not None


def test_a_page_that_is_no_answer_to_the_question_is_told():
    server = Ncmec([])
    server.faults = dict.fromkeys((1, 2), lambda _: Said(200, b"<html/>"))
    with served(server):
        assert "<html>" in str(Shelf().fails(client(server)))


def test_the_password_is_found_by_name_only(monkeypatch, tmp_path):
    config = {"user": "example", "url": "http://127.0.0.1:1", "password_env": "EXAMPLE_LIST_PASSWORD"}
    monkeypatch.delenv("EXAMPLE_LIST_PASSWORD", raising=False)
    with pytest.raises(ListFailed, match="EXAMPLE_LIST_PASSWORD"):
        from_config(config)
    file = tmp_path / "password"
    file.write_text("open sesame\n")
    with served(Ncmec(some(2))) as server:
        made = from_config(
            {"user": "example", "url": server.base + PREFIX, "password_file": str(file)}, allow_private=["127.0.0.1"]
        )
        assert len(Shelf().pull(made).held) == 2


@given(st.binary(max_size=300) | st.text(alphabet="<>/&;abid=\"' !-[]", max_size=200).map(str.encode))
def test_no_bytes_raise_anything_else(junk):
    for document in (junk, f'<queryResult xmlns="{NAMESPACE}"><images>'.encode() + junk + b"</images></queryResult>"):
        with suppress(ListFailed):
            read(parse(document, "Example"))


def test_the_reasons_that_it_takes_against_what_came_are_told_with_the_range():
    with served(Ncmec(some(2))) as server:
        last = Shelf().pull(client(server)).pages[-1]
    assert last.reasons == {"md5": ("Example: not harmful",), "pdq": ("Example: not harmful",)}


def test_a_reason_that_it_does_not_take_is_refused_for_good_with_those_that_it_takes():
    entry = Listed(key="42-e1", hashes={"pdq": bytes(32)})
    with served(Ncmec([])) as server, pytest.raises(ListFailed, match="nothing without a reason") as refused:
        client(server).feedback(entry, "down", "")
    assert refused.value.final
    assert "Example: not harmful" in str(refused.value)
