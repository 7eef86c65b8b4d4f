"""`/c/bank…`: banks made, changed and retired."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from evenhand.desk.media import services
from evenhand.desk.media.hma.errors import Refusal
from evenhand.desk.media.hma.request import Request, as_flag
from evenhand.desk.media.hma.room import Answer, Room
from evenhand.desk.media.models import Bank
from evenhand.desk.media.queries import contents, sources
from evenhand.desk.policies import queries as policies

Share = Annotated[float, Meta(ge=0, le=1)]


class BankIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """As HMA takes it; `policy` is ours."""

    name: str | UnsetType = UNSET
    enabled: bool | str | int | UnsetType = UNSET
    enabled_ratio: Share | UnsetType = UNSET
    matching_enabled_ratio: Share | UnsetType = UNSET
    policy: str = ""

    @property
    def share(self) -> float | None:
        """None: it says nothing of it. Raises Refusal."""
        for ratio in (self.enabled_ratio, self.matching_enabled_ratio):
            if ratio is not UNSET:
                return ratio
        return None if self.enabled is UNSET else float(as_flag("enabled", self.enabled))


def shown(bank: Bank) -> dict[str, Any]:
    return {"matching_enabled_ratio": bank.enabled_share, "name": bank.name}


def all_(_room: Room, _request: Request) -> Answer:
    return Answer([shown(bank) for bank in contents.names()])


def make(room: Room, request: Request) -> Answer:
    given = request.json(BankIn)
    if given.name is UNSET:
        raise Refusal(400, "A bank needs a name.")
    share = given.share
    bank = made(room, given.name, policy=given.policy, share=1.0 if share is None else share)
    return Answer(shown(bank), status=201)


def made(room: Room, name: str, *, policy: str = "", share: float = 1.0) -> Bank:
    """Raises Refusal: nobody said what it stands for."""
    stands_for = policy or room.policy
    if not stands_for:
        known = ", ".join(one.id for one in policies.current().platform.policies if not one.retired) or "none yet"
        raise Refusal(
            400,
            "A bank stands for a policy here: start the listener with --policy ID (hma_policy in evenhand.toml), or"
            f' send "policy" with the name. There are: {known}.',
        )
    bank = services.make_bank(name, policy=stands_for, enabled_share=share, actor=room.actor)
    room.watch.look()
    return bank


def one(_room: Room, _request: Request, name: str) -> Answer:
    return Answer(shown(sources.bank(name)))


def change(room: Room, request: Request, name: str) -> Answer:
    given = request.json(BankIn)
    if given.name not in {UNSET, name}:
        raise Refusal(
            400, f"A bank keeps its name: signals, cases and the ledger know {name} by it. Nothing was changed."
        )
    bank = services.change_bank(name, enabled_share=given.share, policy=given.policy or None, actor=room.actor)
    room.watch.look()
    return Answer(shown(bank))


def retire(room: Room, _request: Request, name: str) -> Answer:
    services.retire_bank(name, actor=room.actor)
    room.watch.look()
    return Answer({"message": "Done"})
