"""Functions for experiments: who is in which bucket, and what holds for those in one."""

from __future__ import annotations

from hashlib import blake2b
from itertools import accumulate
from typing import Any

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.values import Constant, Entity, Experiment, Rule

FAMILY = Family()
_ALL = 100.0
_ROUNDING = 1e-9
OUTSIDE = -1
"""The index of those who are in no bucket."""


@FAMILY.add("ExperimentsBucketAssignment", cost=10)
@FAMILY.add("Experiment", cost=10)
def experiment(
    entity: Entity[Any],
    buckets: list[str],
    bucket_sizes: list[float],
    version: int,
    revision: int,
    name: Constant[str] = "",
) -> Experiment:
    """Puts an entity into a bucket: always the same one for the same name, version and entity.

    `bucket_sizes`: per cent of the entities for each bucket, in the order of `buckets`; who is left over is in no
    bucket. Another `version` draws anew; another `revision` does not. `name`: the name that the experiment is assigned
    to. Error: not one size for each bucket, a bucket named twice, a size below 0, or more than 100 in all.
    """
    _check(buckets, bucket_sizes)
    key = f"{name}\x1f{version}\x1f{entity.type}\x1f{entity.id}".encode(errors="surrogatepass")
    place = int.from_bytes(blake2b(key, digest_size=8).digest()) / (1 << 64) * _ALL
    index = next((at for at, end in enumerate(accumulate(bucket_sizes)) if place < end), OUTSIDE)
    bucket = "" if index == OUTSIDE else buckets[index]
    return Experiment(name, entity, bucket, index, version, revision)


@FAMILY.add("ExperimentWhen", cost=5)
def experiment_when(experiment: Experiment, **bucket: list[bool]) -> Rule:
    """A rule that holds when all conditions hold that are given under the name of the entity's bucket. In a bucket
    without conditions, and in none, it does not hold."""
    conditions = bucket.get(experiment.bucket)
    return conditions is not None and all(conditions)


def _check(buckets: list[str], sizes: list[float]) -> None:
    if len(buckets) != len(sizes):
        raise ValueError(f"bucket_sizes has {len(sizes)} for {len(buckets)} buckets: give one size for each bucket.")
    if len(set(buckets)) != len(buckets):
        raise ValueError("buckets: one is named twice.")
    if min(sizes, default=0) < 0 or sum(sizes) > _ALL + _ROUNDING:
        raise ValueError("bucket_sizes are per cent: none below 0, and not more than 100 in all.")
