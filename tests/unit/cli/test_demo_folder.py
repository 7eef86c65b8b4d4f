"""The demo's folder is the demo's: never somebody's desk, never two demos at once."""

import stat

import pytest

from evenhand.cli.demo.folder import Busy, NotADemo, State, opened

BEGUN = State(seed=1, started_at="2026-05-01T00:00:00+00:00", hours=24)


def test_a_new_folder_has_no_story_yet(tmp_path):
    with opened(tmp_path / "demo") as folder:
        assert folder.state() is None
        assert folder.key() == ""


def test_what_was_told_is_remembered(tmp_path):
    with opened(tmp_path) as folder:
        folder.keep(BEGUN)
    with opened(tmp_path) as folder:
        assert folder.state() == BEGUN


def test_the_key_is_readable_by_its_owner_alone(tmp_path):
    with opened(tmp_path) as folder:
        folder.keep_key("evh_secret")
        assert folder.key() == "evh_secret"
    assert stat.S_IMODE((tmp_path / "demo.key").stat().st_mode) == 0o600


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "desk.sqlite3").write_text("a real desk")
    with opened(tmp_path) as folder:
        with pytest.raises(NotADemo, match="no demo made it"):
            folder.state()
        with pytest.raises(NotADemo):
            folder.clear()
    assert (tmp_path / "desk.sqlite3").read_text() == "a real desk"


def test_beginning_anew_throws_everything_of_the_demo_away(tmp_path):
    with opened(tmp_path) as folder:
        folder.keep(BEGUN)
        (tmp_path / "desk.sqlite3").write_text("old")
        (tmp_path / "static").mkdir()
        folder.clear()
        assert folder.state() is None
    assert [entry.name for entry in tmp_path.iterdir()] == ["demo.lock"]


def test_a_second_demo_on_the_same_folder_is_refused(tmp_path):
    with opened(tmp_path), pytest.raises(Busy, match="runs on"), opened(tmp_path):
        pass
