"""`evenhand ledger`, on the desk and on copies far from it."""

import json
import subprocess
import sys
from threading import Thread

import pytest
from click.testing import CliRunner
from django.db import connection

from evenhand.cli.ledger import ledger
from evenhand.desk.audit import keys, queries, services
from evenhand.desk.audit.models import Entry
from evenhand.engine.ledger import copies
from evenhand.engine.ledger.verify import verify
from tests.desk.audit.acts import REASON, decide, steal

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(db):
    decide(5)
    services.checkpoint()
    decide(2)


def run(*arguments, given=None):
    done = CliRunner().invoke(ledger, list(map(str, arguments)), input=given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def copied(path, *options):
    path.write_text(run("export", *options)[1])
    return path


def test_a_whole_ledger_is_told_with_its_root_and_key(signed):
    code, out, _ = run("verify")
    assert code == 0
    assert "7 entries, 1 checkpoints (the last over 5 entries), 7 payloads opened, 0 erased" in out
    assert f"key {keys.verifier()}" in out


def test_the_first_broken_entry_is_told_and_the_exit_code_is_one(signed):
    steal("UPDATE audit_entry SET body = replace(body, 'otter', 'ottes') WHERE seq = 4")
    code, out, err = run("verify")
    assert (code, out) == (1, "")
    assert err == "evenhand: entry 4: its body does not hash to its leaf: one of the two was changed\n"


def test_with_another_key_the_signatures_do_not_hold(signed):
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    code, _, err = run("verify", "--vkey", other)
    assert code == 1
    assert "entry 4: the checkpoint after it does not hold: not signed by any key that you trust" in err


def test_a_key_that_is_none_is_told(signed):
    assert run("verify", "--vkey", "nonsense")[::2] == (
        1, "evenhand: a verifier key has three parts, joined by +: name+key id+key\n",
    )  # fmt: skip


def test_a_checkpoint_that_somebody_kept_betrays_a_cut_tail(signed, tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_text(queries.latest_note())
    assert run("verify", "--checkpoint", kept)[0] == 0
    steal("DELETE FROM audit_checkpoint")
    steal("DELETE FROM audit_node WHERE (idx + 1) << level > 3")
    steal("DELETE FROM audit_payload WHERE seq >= 3")
    steal("DELETE FROM audit_entry WHERE seq >= 3")
    assert run("verify")[0] == 0
    code, _, err = run("verify", "--checkpoint", kept)
    assert (code, err) == (1, "evenhand: entry 3: it is missing: the checkpoint that you hold covers 5 entries\n")


def test_the_unsigned_tail_is_told_on_the_desk_and_of_a_copy(signed, tmp_path):
    copy = copied(tmp_path / "ledger.jsonl")
    for where in ((), ("--file", copy)):
        code, out, _ = run("verify", *where)
        assert code == 0
        assert "2 entries behind the last checkpoint are not signed yet: 5 to 6." in out
    services.checkpoint(now=True)
    assert "not signed yet" not in run("verify")[1]
    assert "1 entry behind the last checkpoint is not signed yet: 7." in (decide(1), run("verify")[1])[1]


def test_a_copy_says_itself_how_far_it_is_signed(signed):
    _, out, err = run("export")
    first = json.loads(out.splitlines()[0])
    assert (first["size"], first["signed"]) == (7, 5)
    assert "7 entries, 5 of them under a signed checkpoint. 2 entries behind the last checkpoint are not" in err
    services.checkpoint(now=True)
    assert "7 entries, all of them under a signed checkpoint." in run("export")[2]


def test_a_copy_of_a_ledger_that_was_never_signed_says_so(db, tmp_path):
    decide(2)
    assert "2 entries, 0 of them under a signed checkpoint. 2 entries are not signed yet: 0 to 1." in run("export")[2]
    code, out, _ = run("verify", "--file", copied(tmp_path / "ledger.jsonl"))
    assert (code, "2 entries are not signed yet: 0 to 1." in out) == (0, True)


@pytest.mark.parametrize("kept", [slice(0, -1), slice(0, 3)])
def test_a_copy_whose_end_was_lost_is_told(signed, tmp_path, kept):
    copy = copied(tmp_path / "ledger.jsonl")
    copy.write_text("".join(copy.read_text().splitlines(keepends=True)[kept]))
    code, _, err = run("verify", "--file", copy)
    assert (code, "its first line speaks of 7 entries" in err) == (1, True)


def test_a_copy_from_which_a_checkpoint_was_taken_is_told(signed, tmp_path):
    copy = copied(tmp_path / "ledger.jsonl")
    copy.write_text("".join(line for line in copy.read_text().splitlines(keepends=True) if "checkpoint" not in line))
    code, _, err = run("verify", "--file", copy)
    assert (code, "says that 5 entries are signed, its checkpoints cover 0" in err) == (1, True)


def test_a_copy_from_before_such_words_still_verifies(signed, tmp_path):
    copy = copied(tmp_path / "ledger.jsonl")
    copy.write_text(copy.read_text().replace(',"size":7,"signed":5', "", 1))
    assert run("verify", "--file", copy)[0] == 0


@pytest.mark.parametrize("options", [(), ("--payloads",)])
def test_a_copy_verifies_elsewhere(signed, tmp_path, options):
    copy = copied(tmp_path / "ledger.jsonl", *options)
    code, out, err = run("verify", "--file", copy)
    assert code == 0
    assert "The ledger is whole" in out
    assert "with --vkey you know whose it is" in err
    assert run("verify", "--file", copy, "--vkey", keys.verifier())[::2] == (0, "")


def test_a_copy_without_payloads_holds_nothing_personal(signed, tmp_path):
    assert REASON not in copied(tmp_path / "ledger.jsonl").read_text()
    assert Entry.objects.count() == 7


def test_an_export_with_payloads_is_recorded_itself(signed, tmp_path):
    copy = copied(tmp_path / "ledger.jsonl", "--payloads")
    lines = [json.loads(line) for line in copy.read_text().splitlines()]
    assert json.loads(lines[1]["payload"])["reason"] == REASON
    assert queries.entry(7).act == "ledger_exported"
    assert json.loads(lines[-1]["body"])["act"] == "ledger_exported"


@pytest.mark.django_db(transaction=True)
def test_a_copy_is_of_one_moment_while_others_go_on(signed):
    def go_on():
        decide(3)
        services.checkpoint(now=True)
        connection.close()

    lines = queries.exported(payloads=True)
    begun = [next(lines), next(lines)]
    other = Thread(target=go_on)
    other.start()
    other.join()
    header, found = copies.read([*begun, *lines])
    assert verify(found, [keys.verifier()], payloads=header.payloads).size == 7
    assert queries.verify().size == 10


def test_a_changed_copy_is_told(signed, tmp_path):
    copy = copied(tmp_path / "ledger.jsonl")
    copy.write_text(copy.read_text().replace("case:3", "case:9"))
    assert run("verify", "--file", copy)[::2] == (
        1, "evenhand: entry 3: its body does not hash to its leaf: one of the two was changed\n",
    )  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"\xff\xfe\n", b"[" * 100_000])
def test_a_file_that_is_no_copy_is_told(tmp_path, content):
    file = tmp_path / "file"
    file.write_bytes(content)
    code, _, err = run("verify", "--file", file)
    assert code == 1
    assert err.startswith("evenhand: line 1: ")


def test_without_django_a_copy_and_a_proof_verify_all_the_same(signed, tmp_path):
    copy = copied(tmp_path / "ledger.jsonl", "--payloads")
    proof = tmp_path / "proof"
    assert run("prove", 3, "--out", proof)[0] == 0
    for file in (copy, proof):
        program = (
            "import sys; sys.modules['django'] = None; from evenhand.cli.ledger import ledger;"
            f"ledger(['verify', '--file', {str(file)!r}, '--vkey', {str(keys.verifier())!r}])"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_an_entry_is_proved_in_a_file(signed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("prove", 3)
    assert code == 0
    assert f"evenhand ledger verify --file ledger-3.tlog-proof --vkey '{keys.verifier()}'" in out
    code, out, _ = run("verify", "--file", "ledger-3.tlog-proof", "--vkey", keys.verifier())
    assert code == 0
    assert out.startswith("Entry 3 is in the ledger evenhand.example/ledger, signed over 5 entries:\n{")
    assert '"obj":"case:3"' in out


def test_to_prove_an_entry_that_is_not_signed_yet_a_checkpoint_is_signed_first(signed):
    code, out, _ = run("prove", 6, "--out", "-")
    assert code == 0
    assert out.startswith("c2sp.org/tlog-proof@v1\n")
    assert queries.state().signed == 7


def test_an_entry_that_is_not_there_is_not_proved(signed):
    assert run("prove", 99)[::2] == (1, "evenhand: There is no entry 99 in the ledger.\n")


def test_a_proof_without_a_key_to_trust_is_not_checked(signed, tmp_path):
    run("prove", 3, "--out", tmp_path / "proof")
    code, _, err = run("verify", "--file", tmp_path / "proof")
    assert code == 2
    assert "give it with --vkey" in err


def test_a_proof_of_growth_is_checked_against_the_checkpoint_that_was_kept(signed, tmp_path):
    kept, growth = tmp_path / "kept.txt", tmp_path / "growth.txt"
    kept.write_text(queries.latest_note())
    services.checkpoint(now=True)
    growth.write_text(str(queries.growth_file(5)))
    arguments = ("verify", "--file", growth, "--vkey", keys.verifier())
    assert run(*arguments, "--checkpoint", kept)[:2] == (
        0, "The ledger evenhand.example/ledger only grew from 5 to 7 entries.\n",
    )  # fmt: skip
    assert run(*arguments)[0] == 2


def test_what_mentions_a_person_is_erased_after_asking(signed):
    code, _, err = run("erase", "--mentioning", '"number":4', "--reason", "GDPR Art. 17", given="n\n")
    assert code == 1
    assert "1 payloads, of the entries 4" in err
    assert queries.with_payload([4]) == {4}
    code, out, _ = run("erase", "--mentioning", '"number":4', "--reason", "GDPR Art. 17", given="y\n")
    assert (code, out) == (0, "Erased. Entries 7 to 7 say so.\n")
    assert queries.with_payload([4]) == set()
    assert "6 payloads opened" not in run("verify")[1]
    assert "7 payloads opened, 1 erased" in run("verify")[1]


def test_nothing_to_erase_is_told(signed):
    assert run("erase", "--reason", "x", "--yes")[0] == 1
    assert run("erase", "--mentioning", "Boris", "--reason", "x", "--yes")[0] == 1
    code, _, err = run("erase", 99, "--reason", "x", "--yes")
    assert (code, "no payload to erase in 99" in err) == (1, True)


def test_every_command_teaches_by_example():
    for command in ledger.commands.values():
        assert f"evenhand ledger {command.name}" in command.help
