"""The outbox loop: webhooks delivered per second, what each costs, and how long one takes to leave an idle desk.

The loop is pinned to one core; the receiver and PostgreSQL share the other. Run it with `./run bench deliveries`.
Options: --messages N (default 2,000), --kept N (messages of the past in the table, default 50,000).
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import machine
from tests.support import postgres
from tests.support.processes import Child

SIGNATURES = ("v1a", "v1", "coop")
SAMPLES = 40
PEER = """django-tasks with its database backend, as measured elsewhere (SQLite): enqueue 422 µs, run 4.7 ms of CPU
  for each job, 43 jobs/s contended; a job there is an empty function: no HTTP, no attempts, no order, no breaker."""
LEFT_OUT = (
    "Left out: the network (all on loopback), TLS, receivers that take time to answer, several processes at once."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--kept", type=int, default=50_000)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--receive", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.receive:
        asyncio.run(receive())
    elif options.measure:
        print(json.dumps(measure(options.measure, options.messages, options.kept)))
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    print(machine.describe())
    rows = [["database", "signature", "delivered/s", "processor/message", "enqueue", "leaves in p50", "p95"]]
    with receiver() as url:
        for database in options.databases.split(","):
            with database_of(database) as environment:
                rows += in_process(database, url, environment, options)
    print(f"\n{machine.table(rows)}\n\n{PEER}\n{LEFT_OUT}")


@contextmanager
def receiver() -> Iterator[str]:
    command = machine.pinned(machine.OTHER_CORE, [sys.executable, __file__, "--receive"])
    with Child(command) as process:
        yield process.wait_for("http://").strip()


@contextmanager
def database_of(name: str) -> Iterator[dict[str, str]]:
    """Environment of a durable database, empty."""
    with tempfile.TemporaryDirectory(prefix="evenhand-bench-") as folder:
        environment = {
            **os.environ,
            "EVENHAND_DATA": folder,
            "EVENHAND_CONFIG": os.devnull,
            "EVENHAND_ALLOW_PRIVATE": "127.0.0.1",
        }
        environment.pop("DATABASE_URL", None)
        if name == "sqlite":
            yield environment
            return
        with postgres.server(postgres.DURABLE) as server, postgres.database(server, "bench") as url:
            yield environment | {"DATABASE_URL": url}


def in_process(database: str, url: str, environment: dict[str, str], options: argparse.Namespace) -> list[list[str]]:
    arguments = ["--measure", url, "--messages", str(options.messages), "--kept", str(options.kept)]
    command = machine.pinned(machine.SERVER_CORE, [sys.executable, __file__, *arguments])
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return [[database, *row] for row in json.loads(done.stdout.splitlines()[-1])]


async def receive() -> None:
    """Answers 200 to everything, as fast as it can."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
    await server.serve_forever()


def measure(url: str, messages: int, kept: int) -> list[list[str]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.desk.settings")
    import django

    django.setup()
    import structlog
    from django.core.management import call_command

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    call_command("migrate", verbosity=0, interactive=False)
    fill(kept)
    return [[signature, *one(url, signature, messages)] for signature in SIGNATURES]


def one(url: str, signature: str, messages: int) -> list[str]:
    from evenhand.engine.platform import Destination

    destination = Destination(id=signature, url=url, signature=signature)
    enqueued = put(signature, messages)
    began, processor = time.perf_counter(), time.process_time()
    with delivering(destination):
        wait_until(lambda: waiting(signature) == 0)
    took, processor = time.perf_counter() - began, time.process_time() - processor
    latencies = idle(destination)
    return [
        f"{messages / took:,.0f}",
        f"{processor / messages * 1e3:.2f} ms",
        f"{enqueued * 1e6:.0f} µs",
        f"{median(latencies) * 1e3:.0f} ms",
        f"{quantiles(latencies, n=20)[-1] * 1e3:.0f} ms",
    ]


def idle(destination: object) -> list[float]:
    """Seconds from the commit of a message to the commit of its success, on a desk with nothing else to do."""
    found = []
    with delivering(destination):
        for _ in range(SAMPLES):
            time.sleep(0.1)
            put(destination.id, 1)
            began = time.perf_counter()
            wait_until(lambda: waiting(destination.id) == 0, every=0.002)
            found.append(time.perf_counter() - began)
    return found


@contextmanager
def delivering(destination: object) -> Iterator[None]:
    from evenhand.connectors.webhooks import Webhooks
    from evenhand.desk.enforcement.jobs import Deliverer
    from evenhand.runtime import config

    stop = threading.Event()
    wire = Webhooks(allow_private=config.current().allow_private)
    loop = Deliverer(stop, wire, destinations=lambda: {destination.id: destination})
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def put(destination: str, count: int) -> float:
    """Seconds for each, without the commit that its caller makes anyway."""
    from uuid import uuid4

    from django.db import transaction
    from django.utils import timezone

    from evenhand.desk.enforcement.services import enqueue

    now = timezone.now()
    with transaction.atomic():
        began = time.perf_counter()
        for _ in range(count):
            message_id = uuid4().hex
            enqueue(message_id, destination=destination, kind="action", payload=message(message_id), due_at=now)
        return (time.perf_counter() - began) / count


def message(item: str) -> dict[str, object]:
    return {
        "id": item,
        "action": {"id": "remove", "name": "Remove", "parameters": {}, "custom": {}},
        "undoes": None,
        "item": {"id": item, "typeId": "post", "typeName": "Post"},
        "creator": {"id": "u1", "typeId": "user"},
        "policies": [{"id": "spam", "name": "Spam", "penalty": "NONE"}],
        "decision": {
            "id": item,
            "kind": "act",
            "decidedAt": 1_700_000_000_000_000,
            "policyVersion": 1,
            "reason": "spam",
        },
        "actor": "calm-otter",
        "byPerson": True,
        "reporters": [{"id": "r1", "typeId": "user"}],
        "note": "",
    }


def fill(count: int) -> None:
    """Messages that were delivered long ago."""
    from django.utils import timezone

    from evenhand.desk.enforcement.models import Delivery

    now = timezone.now()
    rows = (
        Delivery(
            message_id=f"old_{number}",
            destination=SIGNATURES[number % 3],
            kind="action",
            subject=f"post {number}",
            body=b"{}",
            sent=b"{}",
            state=Delivery.State.DELIVERED,
            attempts=1,
            created_at=now,
            due_at=now,
            delivered_at=now,
        )
        for number in range(count)
    )
    Delivery.objects.bulk_create(rows, batch_size=1000)


def waiting(destination: str) -> int:
    from evenhand.desk.enforcement.models import Delivery

    return Delivery.objects.filter(destination=destination, state=Delivery.State.PENDING).count()


def wait_until(is_so: Callable[[], bool], every: float = 0.02) -> None:
    while not is_so():
        time.sleep(every)


if __name__ == "__main__":
    main()
