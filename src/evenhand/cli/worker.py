"""`evenhand worker`: the same work as the threads of `serve`, in a process of its own."""

from __future__ import annotations

import signal
import threading

import click

from evenhand.cli.common import may_make_desk
from evenhand.cli.serve import migrate


@click.command()
@may_make_desk
def worker() -> None:
    """Fold events and deliver webhooks until told to stop; several may run, and share the partitions evenly.

    \b
    evenhand serve --no-worker --data ./desk &
    evenhand worker --data ./desk
    """
    from evenhand.desk.web import background
    from evenhand.runtime import config, logs, running, shapes

    logs.configure(config.current().log_level)
    migrate()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    shapes.prepare()
    running.announce(config.current().data_dir, "worker")
    threads = background.threads()
    threads.start()
    click.echo("working")
    stopped.wait()
    threads.close()
