"""Ports of this machine: one that nobody listens on, and whether somebody does."""

import socket
import time

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def wait_until_closed(port: int, seconds: float = 10) -> None:
    """Returns when nobody listens any more. Raises TimeoutError: a child of the server outlived it."""
    deadline = time.monotonic() + seconds
    while is_listening(port):
        if time.monotonic() > deadline:
            raise TimeoutError(f"port {port} is still listened on after {seconds} s")
        time.sleep(0.05)
