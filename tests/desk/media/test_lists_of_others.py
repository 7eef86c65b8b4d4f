"""A connector and the desk together: what a list says arrives, ends, and asks before much of it ends."""

from base64 import b64encode
from hashlib import md5

import pytest

from evenhand.connectors.ncmec_hashes import NcmecHashes
from evenhand.desk.media import services
from evenhand.desk.media.models import Entry
from evenhand.desk.media.queries.sources import called
from tests.support.hashlists.ncmec import PREFIX, Ncmec
from tests.support.hashlists.ncmec import Entry as Given
from tests.support.hashlists.server import served, status
from tests.support.hashlists.shelf import api

NOW = 1_800_000_000


def given(count: int) -> list[Given]:
    return [Given(42, f"e{n}", NOW - 1_000, md5(str(n).encode()).hexdigest()) for n in range(count)]


def client(server: Ncmec) -> NcmecHashes:
    secret = b64encode(b"example:open sesame").decode()
    return NcmecHashes(api(server, PREFIX, headers={"authorization": f"Basic {secret}"}))


def standing() -> int:
    return Entry.objects.filter(withdrawn_at__isnull=True).count()


def test_what_a_list_says_is_taken_in_once_and_what_it_deletes_ends(source):
    with served(Ncmec(given(7))) as server:
        assert services.sync("example-list", client(server)).counts.added == 7
        server.entries.append(server.entries[0]._replace(at=NOW + 10, deleted=True))
        server.now = NOW + 500
        counts = services.sync("example-list", client(server)).counts
    assert (counts.added, counts.withdrawn, standing()) == (0, 1, 6)


def test_a_range_that_breaks_off_begins_again_and_nothing_is_twice(source):
    server = Ncmec(given(9))
    server.faults = dict.fromkeys(range(3, 99), status(503))
    with served(server):
        with pytest.raises(services.ListFailed, match="503"):
            services.sync("example-list", client(server))
        assert (called("example-list").cursor, standing()) == ("", 6)
        server.faults = {}
        assert services.sync("example-list", client(server)).counts.added == 3
    assert standing() == 9


def test_a_mass_delete_asks_first(source):
    server = Ncmec(given(150), size=100)
    with served(server):
        services.sync("example-list", client(server))
        server.entries = [one._replace(at=NOW + 10, deleted=True) for one in server.entries]
        server.now = NOW + 500
        with pytest.raises(services.NeedsConsent):
            services.sync("example-list", client(server))
    assert standing() == 150
