"""The policies for machines: as Coop lists them, and as our own API does."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from evenhand.engine.platform import Lane, Policy, Snapshot, tree


class CoopPolicy(Struct, frozen=True, rename="camel"):
    id: str
    name: str
    parent_id: str | None


class CoopPolicies(Struct, frozen=True):
    """Coop's `GET /api/v1/policies/`."""

    policies: tuple[CoopPolicy, ...]


class PolicyOut(Struct, frozen=True, kw_only=True):
    """One policy. `version` is that of the platform document in which its own words last changed."""

    id: str
    name: str
    parent: str | None
    version: int
    text: str
    severity: Literal["NONE", "LOW", "MEDIUM", "HIGH", "SEVERE"]
    harm: float
    lane: Lane
    child_safety: bool
    dsa: str | None
    codes: dict[str, str]
    retired: bool


class PolicyTree(Struct, frozen=True):
    """All policies under `version` of the platform document, parents before children."""

    version: int
    policies: tuple[PolicyOut, ...]


def coop_policies(snapshot: Snapshot) -> CoopPolicies:
    """What can be reported under: without what is retired. A child of a retired policy stands at the top."""
    offered = [policy for _, policy in tree(snapshot.platform.policies) if not policy.retired]
    ids = {policy.id for policy in offered}
    return CoopPolicies(
        tuple(CoopPolicy(policy.id, policy.name, policy.parent if policy.parent in ids else None) for policy in offered)
    )


def policy_tree(snapshot: Snapshot) -> PolicyTree:
    """All policies, also those that are retired: history names them."""
    policies = (_out(policy, snapshot.policy_versions[policy.id]) for _, policy in tree(snapshot.platform.policies))
    return PolicyTree(snapshot.version, tuple(policies))


def _out(policy: Policy, version: int) -> PolicyOut:
    return PolicyOut(
        id=policy.id,
        name=policy.name,
        parent=policy.parent,
        version=version,
        text=policy.text,
        severity=policy.severity,
        harm=policy.harm,
        lane=policy.lane,
        child_safety=policy.child_safety,
        dsa=policy.dsa,
        codes=policy.codes,
        retired=policy.retired,
    )
