"""The auditor's pages: proofs, never payloads."""

import pytest

from evenhand.desk.audit import keys, queries, services
from evenhand.engine.ledger import checkpoints, prooffiles
from tests.desk.audit.acts import REASON, decide

pytestmark = pytest.mark.django_db
PAGES = ["/ledger/", "/ledger/0/", "/ledger/0/proof/", "/ledger/checkpoint/", "/ledger/growth/?old=1"]


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def auditor(client, person):
    client.force_login(person("ada", "auditor"))
    return client


@pytest.fixture
def signed(db):
    decide(3)
    services.checkpoint(now=True)


@pytest.fixture
def seq(signed):
    """The number of an entry about case 1."""
    return queries.page(obj="case:1").rows[0].seq


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_only_who_may_see_the_ledger_gets_in(client, person, signed, path):
    assert client.get(path).status_code == 302
    client.force_login(person("ana", "moderator"))
    assert client.get(path).status_code == 403
    client.force_login(person("ada", "auditor"))
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_a_payload_and_none_can_be_written_to(auditor, signed, path):
    assert REASON not in text(auditor.get(path))
    assert auditor.post(path).status_code == 405


def test_entries_are_listed_with_links_to_each(auditor, signed):
    page = text(auditor.get("/ledger/"))
    newest = queries.size() - 1
    assert f'<a href="/ledger/{newest}/">{newest}</a>' in page
    assert "user:calm-otter" in page
    assert str(keys.verifier()) in page


def test_the_list_takes_few_queries_however_long_it_is(auditor, django_assert_max_num_queries):
    decide(200)
    services.checkpoint(now=True)
    auditor.get("/ledger/")
    with django_assert_max_num_queries(10):
        auditor.get("/ledger/")


def test_older_entries_are_one_link_away_and_the_filter_stays(auditor):
    decide(120)
    first = text(auditor.get("/ledger/?act=decision"))
    assert "act=decision&amp;before=" in first
    cursor = queries.page(act="decision").before
    second = text(auditor.get(f"/ledger/?act=decision&before={cursor}"))
    assert f'href="/ledger/{cursor - 1}/"' in second
    assert f'href="/ledger/{cursor}/"' not in second


def test_a_filter_that_finds_nothing_says_so(auditor, signed):
    assert "No entry is like this." in text(auditor.get("/ledger/?actor=user:nobody"))


@pytest.mark.parametrize(
    "query", ["act=guess", "before=x", "before=-1", f"before={10**30}", "actor=%00", "obj=" + "a" * 300]
)
def test_a_filter_that_makes_no_sense_is_refused_with_a_reason(auditor, signed, query):
    answer = auditor.get(f"/ledger/?{query}")
    assert answer.status_code == 400
    assert 'class="error"' in text(answer)


def test_an_entry_is_shown_with_its_proof_and_the_command_that_checks_it(auditor, seq):
    page = text(auditor.get(f"/ledger/{seq}/"))
    assert "case:1" in page
    assert "sealed; the commitment below binds the desk to them" in page
    assert f"evenhand ledger verify --file ledger-{seq}.tlog-proof --vkey '{keys.verifier()}'" in page


def test_an_entry_that_is_not_signed_yet_says_so(auditor, signed):
    decide(1)
    newest = queries.size() - 1
    assert "No checkpoint covers this entry yet" in text(auditor.get(f"/ledger/{newest}/"))
    answer = auditor.get(f"/ledger/{newest}/proof/")
    assert (answer.status_code, "not signed yet" in text(answer)) == (409, True)


def test_an_erased_payload_is_told(auditor, seq):
    services.erase([seq], actor="user:calm-otter", reason="GDPR Art. 17")
    assert "erased; what the commitment stood for can no longer be known" in text(auditor.get(f"/ledger/{seq}/"))


def test_the_proof_is_a_file_that_stands_on_its_own(auditor, seq):
    answer = auditor.get(f"/ledger/{seq}/proof/")
    assert answer["Content-Disposition"] == f'attachment; filename="ledger-{seq}.tlog-proof"'
    file = prooffiles.parse(text(answer))
    file.check([keys.verifier()])
    assert b'"obj":"case:1"' in file.body


def test_the_checkpoint_is_a_file_to_keep(auditor, signed):
    answer = auditor.get("/ledger/checkpoint/")
    assert checkpoints.opened(text(answer), [keys.verifier()]).size == queries.state().signed


def test_growth_is_proved_from_the_checkpoint_that_was_kept(auditor, signed):
    kept = checkpoints.parse(queries.latest_note())
    decide(20)
    services.checkpoint(now=True)
    file = prooffiles.parse_growth(text(auditor.get(f"/ledger/growth/?old={kept.size}")))
    assert file.check([keys.verifier()], kept).size == queries.size()


@pytest.mark.parametrize(("query", "status"), [("", 400), ("old=x", 400), ("old=-1", 400), ("old=999", 409)])
def test_growth_from_nowhere_is_refused(auditor, signed, query, status):
    assert auditor.get(f"/ledger/growth/?{query}").status_code == status


@pytest.mark.parametrize("path", ["/ledger/999/", "/ledger/999/proof/", f"/ledger/{10**30}/"])
def test_an_entry_that_is_not_there_is_not_found(auditor, signed, path):
    assert auditor.get(path).status_code == 404


def test_an_empty_ledger_has_its_page(client, person, monkeypatch):
    monkeypatch.setattr(services.recording, "_insert", lambda *_: None)
    client.force_login(person("ada", "auditor"))
    page = text(client.get("/ledger/"))
    assert "Nothing has been recorded yet." in page
    assert "A checkpoint is signed within a minute" in page
    assert client.get("/ledger/checkpoint/").status_code == 409
