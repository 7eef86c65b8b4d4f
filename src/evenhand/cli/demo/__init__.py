"""`evenhand demo`: a desk on Harbourlight, a made-up platform, with its past, and a present that goes on."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from evenhand.cli.common import fail, held_by
from evenhand.cli.demo import desk
from evenhand.cli.demo.folder import Busy, Folder, NotADemo, State, opened
from evenhand.cli.demo.server import USUAL_PORT, Failed, Server, free_port
from evenhand.connectors.demo.api import Api, DeskGone, DeskRefused
from evenhand.connectors.demo.feeder import Feeder
from evenhand.connectors.demo.plan import DAY_HOURS, plan
from evenhand.connectors.demo.platform import Platform
from evenhand.connectors.demo.receiver import Receiver
from evenhand.connectors.demo.scene import Day

if TYPE_CHECKING:
    from evenhand.connectors.demo.scene import Call

_PLATFORM_PORT = 8099
_WELCOME = """
  Harbourlight is open.

  Sign in once, within {minutes} minutes:  {url}{path}
  Another link, any time:           {command} users login-link {you} --data {folder}
  Somebody else, for appeals and two-person actions:  the same with {colleague}

  You are moderator, admin and auditor. Cases of child safety are not shown to you: that role needs a second factor.
  What the platform got from you is at http://127.0.0.1:{platform}/received. Everybody in it is invented.

  Ctrl-C stops everything; the same command goes on from there.
"""


@click.command()
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=Path("evenhand-demo"), show_default=True,
    help="Folder of the demo. It never touches a folder that it did not make.",
)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Throw away what the demo has in its folder, and begin anew.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help=f"Port of the desk (default {USUAL_PORT}, or any free one)."
)
@click.option("--speed", type=click.FloatRange(0.1, 1000), default=20.0, show_default=True,
              help="How many minutes pass in the town in a minute of yours.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Another town's day for each number.")
@click.option("--hours", type=click.FloatRange(1, DAY_HOURS), default=DAY_HOURS, show_default=True,
              help="How much of the past to begin with.")  # fmt: skip
def demo(data: Path, *, fresh: bool, port: int | None, speed: float, seed: int, hours: float) -> None:
    """Start a desk on a made-up platform, with its last day of reports and a stream that goes on.

    \b
    evenhand demo                        in ./evenhand-demo, http://127.0.0.1:8000
    evenhand demo --port 8080            on another port
    evenhand demo --fresh --seed 7       another day, from the beginning
    evenhand demo --speed 60             an hour of the town each minute
    """
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    try:
        with opened(data) as folder:
            _run(folder, _state(folder, seed, hours, fresh=fresh), port=port, speed=speed)
    except (NotADemo, Busy, Failed, DeskGone, DeskRefused) as error:
        fail(str(error))
    except KeyboardInterrupt:
        click.echo("\nStopped. The same command goes on from here.")


def _state(folder: Folder, seed: int, hours: float, *, fresh: bool) -> State:
    if fresh:
        folder.clear()
    begun = datetime.now(UTC) - timedelta(hours=hours)
    return folder.state() or State(seed=seed, started_at=begun.isoformat(), hours=hours)


def _run(folder: Folder, state: State, *, port: int | None, speed: float) -> None:
    desk_port = _port(folder, port)
    platform = Platform()
    platform_port = free_port(state.platform_port or _PLATFORM_PORT)
    state = msgspec.structs.replace(state, platform_port=platform_port)
    folder.keep(state)
    click.echo(f"Preparing a desk in {folder.path} …")
    desk.configure(folder, platform_port)
    prepared = desk.prepare(folder, platform_port)
    with ExitStack() as open_things:
        receiver = Receiver(platform_port, platform, prepared.verify)
        open_things.callback(receiver.stop)
        receiver.start()
        server = Server(desk_port, folder.log)
        open_things.callback(server.stop)
        api = Api(server.url, prepared.key)
        open_things.callback(api.close)
        _live(folder, state, server, Feeder(api, platform), speed=speed)


def _port(folder: Folder, wanted: int | None) -> int:
    if wanted is None:
        return free_port(USUAL_PORT)
    if free_port(wanted) != wanted:
        if own := held_by(folder.path, wanted):
            fail(own)
        fail(f"Port {wanted} is taken by another program. Choose another with --port, or leave it out for a free one.")
    return wanted


def _live(folder: Folder, state: State, server: Server, feeder: Feeder, *, speed: float) -> None:
    pictures = f"http://127.0.0.1:{state.platform_port}/pictures"
    first = Day(datetime.fromisoformat(state.started_at), seed=state.seed, pictures=pictures)
    state = _tell_past(folder, state, feeder, plan(first, hours=state.hours))
    _welcome(folder, state, server.url)
    ended = threading.Event()
    server.watch(ended)
    with _counter() as told:
        while not ended.is_set():
            state = msgspec.structs.replace(state, day=state.day + 1)
            folder.keep(state)
            day = Day(datetime.now(UTC), seed=state.seed, number=state.day, speed=speed, pictures=pictures)
            feeder.present(plan(day), day, ended, told)
    raise server.failure()


def _tell_past(folder: Folder, state: State, feeder: Feeder, calls: list[Call]) -> State:
    """What the desk does not have yet of the day before; a demo that was interrupted goes on where it was."""
    with _progress("The town's last day", len(calls), state.sent) as shown:

        def told(count: int) -> None:
            nonlocal state
            state = msgspec.structs.replace(state, sent=state.sent + count)
            folder.keep(state)
            shown(count)

        feeder.past(calls[state.sent :], told)
    return state


@contextmanager
def _progress(label: str, length: int, done: int) -> Iterator[Callable[[int], None]]:
    if done >= length:
        yield lambda _: None
        return
    with click.progressbar(range(length), label=label, show_pos=True) as bar:
        bar.update(done)
        yield bar.update


def _welcome(folder: Folder, state: State, url: str) -> None:
    from evenhand.desk.accounts.services import LINK_MINUTES

    click.echo(
        _WELCOME.format(
            command=os.environ.get("EVENHAND_COMMAND", "evenhand"),
            minutes=LINK_MINUTES,
            url=url,
            path=desk.login_path(),
            you=desk.YOU,
            colleague=desk.COLLEAGUE,
            folder=folder.path,
            platform=state.platform_port,
        )
    )


@contextmanager
def _counter() -> Iterator[Callable[[int], None]]:
    """One line that counts what the town sends, on a terminal; nothing where nobody would see it move."""
    if not sys.stdout.isatty():
        yield lambda _: None
        return
    total = 0

    def told(count: int) -> None:
        nonlocal total
        total += count
        click.echo(f"\r  {total:,} events since then", nl=False)

    yield told
    click.echo()
