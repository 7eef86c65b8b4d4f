"""Places that keep checkpoints: a folder, an address."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evenhand.connectors.checkpoints import Address, Folder
from evenhand.runtime.fetch import FetchError

NOTE = "desk.example/ledger\n12\nAAAA\n\n\u2014 desk.example/ledger AAAA\n"


@pytest.fixture
def folder(tmp_path):
    return Folder("folder", tmp_path)


def test_an_empty_folder_holds_no_checkpoint(folder):
    assert folder.newest() is None


def test_the_newest_is_that_over_the_most_entries(folder, tmp_path):
    folder.keep(12, NOTE)
    folder.keep(5, "five")
    folder.keep(1_234_567_890_123, "largest")
    assert folder.newest() == "largest"
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "checkpoint-000000000005.txt",
        "checkpoint-000000000012.txt",
        "checkpoint-1234567890123.txt",
    ]


def test_other_files_are_left_alone(folder, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "checkpoint-99.txt").write_text("mine")
    assert folder.newest() is None
    folder.keep(12, NOTE)
    assert folder.newest() == NOTE


def test_the_same_checkpoint_again_is_no_other(folder):
    folder.keep(12, NOTE)
    folder.keep(12, NOTE)
    assert folder.newest() == NOTE


def test_another_checkpoint_over_as_many_entries_is_refused_and_the_first_one_stays(folder):
    folder.keep(12, NOTE)
    with pytest.raises(FileExistsError, match="is another checkpoint over 12 entries"):
        folder.keep(12, NOTE.upper())
    assert folder.newest() == NOTE


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    missing = Folder("missing", tmp_path / "mount")
    for attempt in (missing.newest, lambda: missing.keep(1, NOTE)):
        with pytest.raises(FileNotFoundError):
            attempt()
    assert not (tmp_path / "mount").exists()


class Keeper:
    """An address that answers as it is told."""

    def __init__(self):
        self.got = []
        self.answer = (200, b"")
        keeper = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                keeper.got.append((self.path, self.headers["content-type"], self.headers["idempotency-key"], body))
                status, words = keeper.answer
                self.send_response(status)
                self.send_header("content-length", str(len(words)))
                self.end_headers()
                self.wfile.write(words)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.authority = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def keeper():
    found = Keeper()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def address(keeper):
    return Address("address", f"http://{keeper.authority}/keep?for=desk", allow_private=(keeper.authority,))


def test_an_address_is_sent_the_note_as_it_is(keeper, address):
    address.keep(12, NOTE)
    assert keeper.got == [("/keep?for=desk", "text/plain; charset=utf-8", "checkpoint-12", NOTE.encode())]
    assert address.newest() is None


@pytest.mark.parametrize("status", [302, 409, 500])
def test_an_answer_other_than_2xx_is_told_with_its_first_words(keeper, address, status):
    keeper.answer = (status, b"not\n today" + b"!" * 1000)
    with pytest.raises(OSError, match=f"It answered {status}: not today!") as caught:
        address.keep(12, NOTE)
    assert len(str(caught.value)) < 400


def test_an_address_that_does_not_answer_is_told():
    with pytest.raises(FetchError):
        Address("gone", "https://keep.invalid/").keep(12, NOTE)


def test_only_https_is_used_where_nothing_else_is_allowed(keeper):
    with pytest.raises(OSError, match="does not begin with https://"):
        Address("plain", f"http://{keeper.authority}/", allow_private=("other.example",)).keep(12, NOTE)
    assert keeper.got == []
