"""In the fold's transaction: what a new or changed item says is compared with the others, and cases on what says the
same become a cluster.

Raw SQL and by the batch: this is the machine's write path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec
from django.db import connection, transaction

from evenhand.desk import sql
from evenhand.desk.cases.services.grouping import Groups, Known, Place
from evenhand.desk.fields import now_micros
from evenhand.engine.model import Item, MediaHashed, Micros, Ref
from evenhand.engine.triage import clusters
from evenhand.engine.triage.clusters import Medium, Sample

Hashes = Mapping[Ref, Mapping[str, Medium]]
Provider = Callable[[Sequence[Ref]], Hashes]
_providers: list[Provider] = []

KEPT: Micros = 30 * 86_400 * 1_000_000
"""What a decided case says is compared with what comes for 30 days."""
_DECODER = msgspec.msgpack.Decoder(Sample)
_ENCODER = msgspec.msgpack.Encoder()
_KEY = "key:"
_NO_KEY = "DELETE FROM cases_clusterkey WHERE key = %s AND sample_id = %s"
_LOCK = f"SELECT pg_advisory_xact_lock({int.from_bytes(b'clusters') >> 1})"


def know_media(provider: Provider) -> None:
    """`provider(items)` tells what the media of these items hash to, by address, as far as that is known."""
    _providers.append(provider)


def said(
    items: Iterable[Item], *, by_link: AbstractSet[Ref] = frozenset(), told: Sequence[MediaHashed] = ()
) -> dict[Ref, Sample]:
    """What each of these says: its text, its links, its media as far as they were hashed, `told` just now or before.
    Only content is compared; of `by_link` only the links."""
    compared = [item for item in items if item.kind == "content" and not item.deleted]
    hashes = _hashes([item.ref for item in compared if item.media])
    for one in told:
        hashes.setdefault(one.ref, {})[one.url] = _of_event(one)
    return {item.ref: _sample(item, hashes.get(item.ref, {}), by_link=item.ref in by_link) for item in compared}


def _of_event(hashed: MediaHashed) -> Medium:
    own = [one for one in hashed.hashes if not one.variant and one.kind != "vpdq"]
    pdq = next((one.value for one in own if one.kind == "pdq"), "")
    return Medium(pdq, tuple(sorted(f"{one.kind}:{one.value}" for one in own if one.kind != "pdq")), hashed.flat)


def _hashes(refs: Sequence[Ref]) -> dict[Ref, dict[str, Medium]]:
    found: dict[Ref, dict[str, Medium]] = {}
    for provider in _providers if refs else ():
        for ref, media in provider(refs).items():
            found.setdefault(ref, {}).update(media)
    return found


def _sample(item: Item, hashes: Mapping[str, Medium], *, by_link: bool) -> Sample:
    more = [link for link in item.links if link not in item.text]
    media = [hashes.get(one.url) or _given(one.hashes) for one in item.media]
    return clusters.sample("\n".join([item.text, *more]), media, by_link=by_link)


def _given(hashes: Mapping[str, str]) -> Medium:
    """A medium as the platform says that it hashes."""
    exact = tuple(sorted(f"{kind}:{value.lower()}" for kind, value in hashes.items() if kind != "pdq"))
    return Medium(hashes.get("pdq", "").lower(), exact)


def join(samples: Mapping[int, Sample]) -> set[Place]:
    """Put these open cases where they belong. The places (cluster and queue) that may have another first case now."""
    if not samples:
        return set()
    under = _under({key for sample in samples.values() for key in sample.bands})
    known, stored = _known({*samples, *(case for cases in under.values() for case in cases)})
    state: dict[str, Any] = {key: [str(case) for case in cases] for key, cases in under.items()}
    state |= {str(case): sample for case, sample in stored.items()}
    groups = Groups(known)
    changed: dict[str, Any] = {}
    for case, sample in sorted(samples.items()):
        placed = clusters.place(str(case), sample, state, lambda name: groups.of(int(name)))
        state |= placed.changed
        changed |= placed.changed
        groups.join(case, [int(name) for name in placed.alike])
    again = [case for case in samples if case in stored and (str(case) in changed or stored[case] != samples[case])]
    _keep(changed, under, gone={case: stored[case] for case in again})
    return groups.keep(lock=_lock)


def kept(cases: Iterable[int]) -> dict[int, Sample]:
    """The samples that are kept of these cases."""
    return _known(cases)[1]


def sweep() -> int:
    """Forget what decided cases said so long ago that no copy of it is awaited; how many."""
    before = now_micros() - KEPT
    found = sql.rows(
        "SELECT s.case_id FROM cases_clustersample s JOIN cases_case c ON c.id = s.case_id"
        " WHERE s.at < %s AND c.state = 'closed' ORDER BY s.at LIMIT 500",
        (before,),
    )
    with transaction.atomic():
        drop([case for (case,) in found])
    return len(found)


def drop(cases: Iterable[int]) -> None:
    """Nothing is compared with these any more."""
    _keep({}, {}, gone=kept(cases))


def keep(samples: Mapping[int, Sample]) -> None:
    """Keep these, so that what says the same finds their cases."""
    changed: dict[str, Any] = {str(case): sample for case, sample in samples.items()}
    _keep(changed, {}, gone=kept(samples))


def _lock() -> None:
    """One at a time: the clusters that two folds join may be the same."""
    if connection.vendor == "postgresql":
        sql.rows(_LOCK)


def _under(keys: Iterable[int]) -> dict[str, list[int]]:
    """Cases with samples under these keys, the oldest first."""
    chosen, values = sql.within(sorted(keys))
    found: dict[str, list[int]] = {}
    for key, case in sql.rows(f"SELECT key, sample_id FROM cases_clusterkey WHERE key {chosen} ORDER BY id", values):  # noqa: S608 (marks only)
        found.setdefault(f"{_KEY}{key:x}", []).append(case)
    return found


def _known(cases: Iterable[int]) -> tuple[dict[int, Known], dict[int, Sample]]:
    chosen, values = sql.within(sorted(cases))
    found = sql.rows(
        "SELECT c.id, c.cluster_id, c.queue, c.state, k.parted_at, s.sample FROM cases_case c"  # noqa: S608 (marks only)
        " LEFT JOIN cases_cluster k ON k.id = c.cluster_id LEFT JOIN cases_clustersample s ON s.case_id = c.id"
        f" WHERE c.id {chosen}",
        values,
    )
    known = {
        case: Known(cluster, queue, state == "open", parted is not None)
        for case, cluster, queue, state, parted, _ in found
    }
    return known, {case: _DECODER.decode(sample) for case, *_, sample in found if sample is not None}


def _keep(changed: Mapping[str, Any], before: Mapping[str, Sequence[int]], *, gone: Mapping[int, Sample]) -> None:
    """Write samples and their keys. `gone` are those that cases had before."""
    now = now_micros()
    kept = {int(name): sample for name, sample in changed.items() if not name.startswith(_KEY)}
    if gone:
        chosen, values = sql.within(sorted(gone))
        stale = [(key, case) for case, sample in gone.items() for key in sample.bands]
        sql.run_many(_NO_KEY, stale)
        sql.run(f"DELETE FROM cases_clustersample WHERE case_id {chosen}", values)  # noqa: S608 (marks only)
    rows = [(case, _ENCODER.encode(sample), now) for case, sample in sorted(kept.items())]
    sql.insert_many("cases_clustersample", ("case_id", "sample", "at"), rows)
    pairs = [(key, case) for case, sample in sorted(kept.items()) for key in sample.bands]
    sql.insert_many("cases_clusterkey", ("key", "sample_id"), pairs)
    pushed = [
        (int(key.removeprefix(_KEY), 16), case)
        for key, names in changed.items()
        if key.startswith(_KEY)
        for case in before.get(key, ())
        if str(case) not in names
    ]
    sql.run_many(_NO_KEY, pushed)
