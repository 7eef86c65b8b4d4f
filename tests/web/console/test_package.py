"""A case as a package: what is in it, what is not, and that anybody can check it."""

import json
from hashlib import sha256

import pytest
from click.testing import CliRunner

from evenhand.cli.ledger import ledger as command
from evenhand.desk.audit import keys
from evenhand.desk.audit.models import Entry
from evenhand.desk.cases.models import Case
from evenhand.desk.referral.models import Package
from evenhand.engine.ledger import packages
from evenhand.engine.ledger.notes import NoteError, verifier_key
from evenhand.engine.ledger.packages import PackageError, check, unpack
from evenhand.engine.model import Item, Media, Ref
from tests.desk.conftest import post, reported, sent

GIVEN = {"recipient": "police", "name": "Harbour police", "reason": "A threat against a person"}
WORDS = "Come to https://boats.example/wanda or I come to you"
PICTURE = Media(kind="image", url="https://pictures.example/1.png", field="images", hashes={"pdq": "ab" * 32})


def threat(id_: str, **more):
    return reported(
        post(id_, WORDS, author="user-77", media=(PICTURE,)), reporter="snitch", reason="I fear for my life", **more
    )


@pytest.fixture
def threatened(fold, desk) -> Case:
    fold(sent(Item(ref=Ref("account", "user-77"), kind="user", data={"handle": "Wanda"}, name="Wanda")), threat("p7"))
    case = Case.objects.get()
    desk.post(f"/cases/{case.pk}/note/", {"text": "She called cleo@town.example before"})
    desk.post(f"/cases/{case.pk}/decide/", {"version": case.version, "do": "act:remove", "policy": "harassment"})
    return case


@pytest.fixture
def made(desk, threatened) -> dict[str, bytes]:
    answer = desk.post(f"/cases/{threatened.pk}/package/", GIVEN)
    assert answer["Content-Type"] == "application/zip"
    return unpack(answer.content)


def test_it_has_the_facts_the_words_and_what_they_hash_to(made, threatened, ana):
    facts = json.loads(made["case.json"])
    [text] = facts["item"]["texts"]
    assert text["text"] == "Come to hxxps://boats[.]example/wanda or I come to you"
    assert text["sha256"] == sha256(WORDS.encode()).hexdigest()
    [medium] = facts["item"]["media"]
    assert medium["address"] == "hxxps://pictures[.]example/1[.]png"
    assert medium["hashes_sent_by_the_platform"] == {"pdq": "ab" * 32}
    assert facts["subject"]["name"] == "Wanda"
    assert facts["reports"] == [{"policy": "Spam", "reports": 1, "reporters": 1}]
    assert (facts["made"]["by"], facts["made"]["why"]) == (ana.pseudonym, GIVEN["reason"])
    [decision] = [one for one in facts["timeline"] if "decision" in one["source"]]
    assert (decision["what"], decision["who"]) == ("Remove · Harassment", ana.pseudonym)


def test_nothing_in_it_can_be_followed_and_nobody_else_is_named(made):
    for name, content in made.items():
        told = content.decode()
        assert "http://" not in told, name
        assert "https://" not in told, name
        for other in ("snitch", "I fear", "cleo"):
            assert other not in told, name
    page = made["case.html"].decode()
    assert "<a " not in page
    assert "<img" not in page
    assert "<script" not in page


def test_anybody_checks_it_with_the_key_alone(made, threatened):
    found = check(made, [keys.verifier()])
    assert found.proofs == 1 + Entry.objects.filter(obj=f"case:{threatened.pk}").count()
    assert found.manifest.recipient == {"kind": "police", "name": "Harbour police"}
    assert Package.objects.get().manifest == found.digest
    assert Entry.objects.get(act="package_made").obj == f"package:{found.digest}"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("case.json", "case.json: it was changed"),
        ("case.html", "case.html: it was changed"),
        ("manifest.json", "not about this manifest"),
        ("package.tlog-proof", "no package.tlog-proof"),
        ("added.txt", "added.txt: the manifest does not name it"),
    ],
)
def test_whatever_is_changed_added_or_gone_is_told(made, name, complaint):
    if name == "package.tlog-proof":
        files = {key: value for key, value in made.items() if key != name}
    else:
        files = made | {name: made.get(name, b"").replace(b"Harbour", b"Another") + (b"" if name in made else b"x")}
    with pytest.raises(PackageError, match=complaint):
        check(files, [keys.verifier()])


def test_another_key_does_not_vouch_for_it(made):
    with pytest.raises(NoteError):
        check(made, [verifier_key(keys.origin(), bytes(32))])


def test_the_command_tells_for_whom_and_what_is_wrong(made, tmp_path):
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(packages.pack(made))
    bad.write_bytes(packages.pack(made | {"case.json": b"{}"}))
    told = CliRunner().invoke(command, ["verify-package", str(good), "--vkey", str(keys.verifier())])
    assert told.exit_code == 0, told.output
    assert "for Harbour police (police): A threat against a person" in told.output
    told = CliRunner().invoke(command, ["verify-package", str(bad)])
    assert told.exit_code == 1
    assert "case.json: it was changed" in told.output


@pytest.mark.parametrize("missing", ["recipient", "name", "reason"])
def test_without_whom_and_why_nothing_is_made(desk, case, missing, text):
    answer = desk.post(f"/cases/{case.pk}/package/", GIVEN | {missing: " "})
    assert answer.status_code == 422
    assert "Say " in text(answer)
    assert not Package.objects.exists()
    assert not Entry.objects.filter(act="package_made").exists()


def test_the_case_tells_that_it_was_escalated_and_e_leads_there(desk, made, threatened, text):
    page = desk.get(f"/cases/{threatened.pk}/?look")
    assert "Escalated: a package for Harbour police" in text(page)
    assert 'data-key="E"' in page.content.decode()
    assert "Harbour police" in text(desk.get(f"/cases/{threatened.pk}/package/"))


def test_legal_may_make_one_where_the_queue_names_the_role_and_others_may_not(case, signed_in, person, platform):
    assert signed_in(person("lee", "legal")).get(f"/cases/{case.pk}/package/").status_code == 404
    assert signed_in(person("ada", "admin")).get(f"/cases/{case.pk}/package/").status_code == 403


def test_a_child_safety_case_is_for_their_role_alone(desk, fold):
    fold(threat("p8", policy="minors"))
    case = Case.objects.get()
    assert desk.get(f"/cases/{case.pk}/package/").status_code == 404
    assert desk.post(f"/cases/{case.pk}/package/", GIVEN).status_code == 404
