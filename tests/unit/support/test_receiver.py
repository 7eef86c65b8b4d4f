"""The webhook receiver of the tests keeps what arrived whole, and nothing else."""

import http.client
import socket

from tests.support.receiver import receiving

BODY = b'{"id": 1}'
SECONDS = 10


def test_it_answers_and_keeps_a_whole_body():
    with receiving() as receiver:
        connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=SECONDS)
        connection.request("POST", "/hooks", BODY)
        assert connection.getresponse().status == 200
        connection.close()
        assert [one.body for one in receiver.got] == [{"id": 1}]


def test_a_body_that_was_cut_off_is_neither_answered_nor_kept_nor_complained_about(capsys):
    with receiving() as receiver:
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=SECONDS) as cut:
            cut.sendall(b"POST /hooks HTTP/1.1\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY) + 1, BODY))
            cut.shutdown(socket.SHUT_WR)
            assert cut.recv(1) == b""
        assert receiver.got == []
    assert capsys.readouterr().err == ""
