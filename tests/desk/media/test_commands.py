"""`evenhand media`, as somebody at a terminal uses it."""

import json

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from evenhand.cli.media import media
from evenhand.desk.audit.models import Entry as LedgerEntry
from evenhand.desk.media import services
from evenhand.desk.media.models import Entry, Match, Source
from tests.desk.conftest import event
from tests.desk.media.conftest import ACTOR, Shelf, flipped, hash_of, hashed, listed, page, pdq, take_in


@pytest.fixture
def run(bank, monkeypatch, tmp_path):
    monkeypatch.setattr("evenhand.cli.common.open_desk", lambda _data: None)

    def run(*words: str, code: int = 0) -> Result:
        answer = CliRunner().invoke(media, words, catch_exceptions=False)
        assert answer.exit_code == code, answer.output
        return answer

    return run


def test_json_of_others_is_imported_as_it_is(run, tmp_path):
    file = tmp_path / "vics.json"
    file.write_text(json.dumps({"value": [{"MediaID": 1, "Category": 2, "MD5": "ab" * 16}]}), "utf-8")
    assert "1 added" in run("bank", "import", "KNOWN", str(file)).stdout
    assert "1 as before" in run("bank", "import", "KNOWN", str(file)).stdout


def test_a_picture_in_the_place_of_a_list_is_told_in_one_line_and_leaves_no_list(run, tmp_path):
    file = tmp_path / "base.png"
    Image.new("L", (9, 9)).save(file)
    said = run("bank", "import", "KNOWN", str(file), code=1).stderr
    assert said.count("\n") == 1
    assert "This is no text file, it is a PNG" in said
    assert not Source.objects.exists()


@pytest.fixture
def csv(tmp_path):
    def write(*lines: str, name: str = "hashes.csv"):
        file = tmp_path / name
        file.write_text("\n".join(lines) + "\n", "utf-8")
        return str(file)

    return write


def test_a_file_is_imported_matched_and_exported_again(run, csv):
    file = csv(
        "type,value,label,source_id,added_at,deleted",
        f"pdq,{hash_of('a').hex()},A1,one,2026-01-31T12:00:00Z,false",
        f"md5,{'ab' * 16},A1,one,2026-01-31T12:00:00Z,false",
        f"pdq,{hash_of('b').hex()},,two,,true",
    )
    told = json.loads(run("bank", "import", "KNOWN", file, "--json").stdout)
    assert told == {"bank": "KNOWN", "list": "hashes.csv", "added": 1, "withdrawn": 0, "unchanged": 1, "refused": 0}
    asked = f"pdq:{flipped(hash_of('a'), 4).hex()}"
    [near] = json.loads(run("match", "--hash", asked, "--json").stdout)["matches"]
    assert (near["bank"], near["list"], near["distance"]) == ("KNOWN", "hashes.csv", 4)
    rows = run("bank", "export", "KNOWN").stdout.splitlines()
    assert rows[1] == f"pdq,{hash_of('a').hex()},A1,hashes.csv,one,2026-01-31T12:00:00+00:00,false"
    assert len(rows) == 3
    assert LedgerEntry.objects.filter(act="records_exported").count() == 1


def test_a_line_that_cannot_be_read_is_told_with_its_number_and_the_others_are_taken(run, csv):
    file = csv(hash_of("a").hex(), "nonsense", "ab" * 16 + ",label")
    answer = run("bank", "import", "KNOWN", file, code=1)
    assert "line 2: “nonsense”: of which kind is it?" in answer.stderr
    assert sorted(Entry.objects.values_list("kind", flat=True)) == ["md5", "pdq"]


def test_a_whole_file_withdraws_what_it_no_longer_names(run, csv):
    run("bank", "import", "KNOWN", csv(hash_of("a").hex(), hash_of("b").hex()))
    told = json.loads(run("bank", "import", "KNOWN", csv(hash_of("b").hex()), "--replace", "--json").stdout)
    assert (told["added"], told["withdrawn"]) == (0, 1)


def test_a_bank_that_is_not_there_is_told_with_those_that_are(run, csv):
    assert "There are: KNOWN" in run("bank", "import", "OTHER", csv(hash_of("a").hex()), code=1).stderr


def test_new_entries_are_held_against_what_was_seen(run, csv, fold):
    fold(event(hashed("1", pdq(hash_of("a")))))
    run("bank", "import", "KNOWN", csv(hash_of("a").hex()))
    assert json.loads(run("retroscan", "--json").stdout)["hits"] == 1
    fold()
    assert Match.objects.count() == 1
    assert "Nothing is new" in run("retroscan").stdout


def test_a_list_without_a_connector_says_so(run):
    services.make_source("example-list", bank="KNOWN", kind="nothing", actor=ACTOR)
    assert "There is no connector for lists of kind “nothing”" in run("sync", code=1).stdout
    said = run("lists", "show").stdout
    assert "example-list → KNOWN: 0 media, not taken in yet\n" in said


def test_a_picture_is_added_and_known_again_cropped_or_turned(run, tmp_path):
    picture = Image.effect_noise((64, 64), 90).resize((400, 300))
    picture.save(tmp_path / "one.png")
    picture.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", quality=60)
    Image.effect_noise((64, 64), 90).resize((400, 300)).save(tmp_path / "other.png")
    assert "of bank KNOWN" in run("bank", "add", "KNOWN", str(tmp_path / "one.png")).stdout
    asked = [str(tmp_path / name) for name in ("one.png", "turned.jpg", "other.png")]
    same, turned, other = (json.loads(line) for line in run("match", *asked, "--json").stdout.splitlines())
    assert {match["kind"] for match in same["matches"]} >= {"pdq", "md5", "sha256"}
    assert [match["kind"] for match in turned["matches"]] == ["pdq"]
    assert other["matches"] == []


def test_a_known_picture_among_the_frames_of_another_is_found_and_what_cannot_be_seen_is_not_called_clean(
    run, tmp_path
):
    frames = [Image.effect_noise((64, 64), 90).resize((400, 300)) for _ in range(4)]
    frames[2].save(tmp_path / "one.png")
    run("bank", "add", "KNOWN", str(tmp_path / "one.png"))
    frames[0].save(tmp_path / "all.gif", save_all=True, append_images=frames[1:], duration=200)
    [told] = map(json.loads, run("match", str(tmp_path / "all.gif"), "--json").stdout.splitlines())
    assert [match["bank"] for match in told["matches"]] == ["KNOWN"]
    (tmp_path / "cut.png").write_bytes((tmp_path / "one.png").read_bytes()[:900])
    said = run("match", str(tmp_path / "cut.png"), code=1).stdout
    assert "not decodable" in said
    assert "no match" not in said


def test_hashes_are_checked_before_anything_is_asked(run):
    assert "32 bytes" in run("match", "--hash", "pdq:00", code=2).stderr


def test_a_kind_of_hash_that_is_not_known_is_refused_at_each_door_with_the_one_that_was_meant(run, csv):
    told = "“sha265” is no kind of hash that this desk knows: did you mean sha256?"
    assert told in run("match", "--hash", f"sha265:{'ab' * 32}", code=2).stderr
    assert told in run("bank", "import", "KNOWN", csv("ab" * 32), "--kind", "sha265", code=2).stderr
    file = csv("type,value", f"sha265,{'ab' * 32}", f"md5,{'ab' * 16}")
    assert f"line 2: {told}" in run("bank", "import", "KNOWN", file, code=1).stderr
    assert [entry.kind for entry in Entry.objects.all()] == ["md5"]


def test_columns_that_are_not_understood_are_named_with_those_that_were_meant(run, csv):
    said = run("bank", "import", "KNOWN", csv("type,valeu", f"md5,{'ab' * 16}"), code=1).stderr
    assert "`valeu` (did you mean `value`?)" in said
    assert "For example `type,value,label`" in said
    more = run("bank", "import", "KNOWN", csv("type,value,colour", f"md5,{'ab' * 16},red", name="x.csv"))
    assert "nothing is read from colour" in more.stderr


def test_one_bad_file_keeps_no_other_out(run, csv, tmp_path):
    Image.effect_noise((64, 64), 90).resize((400, 300)).save(tmp_path / "good.png")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    files = [str(tmp_path / name) for name in ("bad.png", "missing.png", "good.png")]
    answer = run("bank", "add", "KNOWN", *files, code=1)
    assert "good.png: entry" in answer.stdout
    assert "missing.png: It cannot be read: No such file" in answer.stderr
    assert len(run("hash", *files, "--json", code=1).stdout.splitlines()) == 3
    lists = (csv("nonsense", name="a.csv"), str(tmp_path / "b.csv"), csv("ab" * 16, name="c.csv"))
    assert "1 added" in run("bank", "import", "KNOWN", *lists, code=1).stdout


def test_a_list_is_connected_only_with_a_kind_and_settings_that_exist(run):
    def refused(*words: str) -> str:
        return run("lists", "connect", "x", "--bank", "KNOWN", *words, code=1).stderr

    assert "Did you mean stopncii?" in refused("--kind", "stopnci")
    assert "no setting “uzer”. Did you mean user?" in refused("--kind", "ncmec", "--set", "uzer=a")
    secret = refused("--kind", "stopncii", "--set", "subscription_key=hush")
    assert "subscription_key_file=/run/secrets/subscription_key" in secret
    assert "hush" not in secret
    assert "needs token_env or token_file" in refused("--kind", "threatexchange", "--set", "group=1")
    assert not Source.objects.exists()


def test_a_list_is_renamed_and_removed_when_its_name_is_typed_once_more(run, source):
    take_in(source, listed("a"), listed("b"))
    run("lists", "rename", "example-list", "better")
    assert "type its name, better" in run("lists", "remove", "better", "--confirm", "wrong", code=1).stderr
    assert Entry.objects.filter(withdrawn_at__isnull=True).count() == 2
    answer = run("lists", "remove", "better", "--confirm", "better").stdout
    assert "Of better match now: 2 media." in answer
    assert "2 of its hashes were withdrawn" in answer
    assert set(Entry.objects.values_list("withdrawn_why", flat=True)) == {"List better was removed."}
    assert LedgerEntry.objects.filter(act="list_removed").count() == 1
    assert run("lists", "show").stdout == ""
    services.make_source("better", bank="KNOWN", kind="example", actor=ACTOR)


def test_a_file_that_would_empty_its_list_asks_and_shows_what_would_go(run, csv):
    run("bank", "import", "KNOWN", csv("ab" * 16, "cd" * 16))
    said = run("bank", "import", "KNOWN", csv("# nothing"), "--replace", code=1).stderr
    assert "would withdraw 2 of its 2 entries (100%)" in said
    assert "import it again with --replace --consent" in said
    going = [json.loads(line) for line in run("lists", "going", "hashes.csv", "--json").stdout.splitlines()]
    assert [one["hashes"] for one in going] == [{"md5": "ab" * 16}, {"md5": "cd" * 16}]
    run("bank", "import", "KNOWN", csv("# nothing"), "--replace", "--consent")
    assert not Entry.objects.filter(withdrawn_at__isnull=True).exists()


def test_what_lists_have_of_unknown_kinds_is_counted_and_shown(run, source):
    services.sync("example-list", Shelf(page(listed("a", pdna=b"x" * 9), listed("b", pdna=b"y" * 9), listed("c"))))
    assert "2 hashes of the kind pdna are not used" in run("lists", "show").stdout


def test_a_file_of_which_nothing_is_taken_leaves_no_list_behind(run, csv, tmp_path):
    (tmp_path / "base.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    files = [csv("# nothing", name="empty.csv"), csv('{"value": [', name="broken.json"), str(tmp_path / "base.png")]
    for file in (*files, csv("type,value,deleted", f"md5,{'ab' * 16},true", name="gone.csv"), str(tmp_path)):
        run("bank", "import", "KNOWN", file, code=1)
    assert not Source.objects.exists()
    assert not LedgerEntry.objects.filter(act="list_made").exists()
    assert "It cannot be read: Is a directory." in run("bank", "import", "KNOWN", str(tmp_path), code=1).stderr


def test_a_record_that_cannot_be_taken_is_an_exit_code_of_1_from_a_list_as_from_a_file(run, source, monkeypatch):
    shelf = Shelf(page(listed("a"), refused=("line 7: nonsense",)))
    monkeypatch.setattr("evenhand.desk.web.hashlists.connect", lambda *_: shelf)
    assert "not taken: line 7: nonsense" in run("sync", "example-list", code=1).stdout


def test_a_list_tells_its_record_in_the_words_of_the_console(run, source):
    take_in(source, listed("a"))
    Source.objects.filter(pk=source.pk).update(dismissed=1)
    assert "KNOWN (spam): 1 medium, 0 matches, 0 decided" in run("bank", "list").stdout
    said = run("lists", "show").stdout
    assert "example-list → KNOWN: 1 medium, last taken in " in said
    assert "0 of 1 upheld; estimated right in 82% (57% to 94%, 90 % interval), where each starts from 90%" in said


def test_how_often_a_list_may_be_asked_is_told_where_it_is_asked_for(run):
    wrong = run(
        "lists", "connect", "x", "--bank", "KNOWN", "--kind", "hashfile", "--set", "path=/x", "--every", "20", code=1
    )
    assert "60 seconds or more, not 20" in wrong.stderr
    assert "60 or more" in run("lists", "connect", "--help").stdout
