"""The detector that runs the rule project: a signal for each rule that fires, as far as its life lets it go.

State, under keys that begin with `rule:`, is the rules' own: counters, labels that rules set, and how often each rule
held or acted within the hour. Which keys an event needs is known only while the rules run: they are read on demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from evenhand.engine.detect.registry import Finding, Keep, Trouble
from evenhand.engine.detect.rulekeys import Labelled
from evenhand.engine.detect.rulelife import DRAFT, PREFIX, RuleLife
from evenhand.engine.detect.rulelife import Stage as Life
from evenhand.engine.detect.ruletroubles import Troubles
from evenhand.engine.detect.ruleunread import is_unread, named, note
from evenhand.engine.detect.ruleview import author, moment, number, view
from evenhand.engine.detect.windows import HOUR, version
from evenhand.engine.model import Event, Ref, Signal
from evenhand.engine.platform import Policy
from evenhand.engine.rules import Result, RuleSet, explain
from evenhand.engine.rules.explain.shorten import clip
from evenhand.engine.rules.run import EXHAUSTED, Fired
from evenhand.engine.rules.state import KeyedState
from evenhand.engine.rules.values import Effect, Entity

REVISION = 1
LABELS_BY_PEOPLE = "label:"
"""State under it is the desk's: {label: [status, since, expires, reason]} as people set it. Read, never changed."""
_ACTIVE = ("canary", "live")
_SILENT = ("draft", "retired")
_STRONGEST = ("act", "hold", "enqueue")
_MOST_TEXT = 300
_LONGEST_TYPE, _LONGEST_ID, _LONGEST_LABEL = 128, 512, 128
"""Of labels that can be kept."""
_PROBABILITY = 0.5
"""Of a rule that holds or acts and does not say how sure it is."""
_MOST_OTHERS = 10
_NOTHING = Finding()


class Asked(Struct, frozen=True):
    """What a rule asks for: the strongest of its effects. `weakened` says why it is less than what the rule says."""

    effect: str = "note"
    policy: str | None = None
    probability: float = 0.0
    action: str | None = None
    hours: float = 0.0
    note: str = ""
    weakened: str = ""


class Rules:
    """Runs every rule on every event once; lives decide what follows: nothing for a draft, a signal with the effect
    "shadow" for a rule in shadow, what it asks for when it is live, within its policy's licence and its cap."""

    name = PREFIX.rstrip(":")

    def __init__(
        self, rules: RuleSet, lives: Mapping[str, RuleLife], policies: Mapping[str, Policy], *, project: int
    ) -> None:
        self._rules, self._lives, self._policies, self._project = rules, lives, policies, project
        self._troubles = Troubles(rules.program)
        self._labelled = Labelled(rules.program)
        licences = sorted((policy.id, policy.rules_may, bool(policy.hold)) for policy in policies.values())
        self.version = f"{project}.{version(REVISION, sorted(lives.items()), licences)}"

    def keys(self, event: Event) -> Sequence[str]:
        """Only what people said of those whose labels the rules ask for; the rest is read when the rules run."""
        seen = view(event) if self._labelled else None
        if seen is None:
            return ()
        return [_people_key(entity) for entity in self._labelled.of(seen[1]) if _can_be_kept(entity)]

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:
        """What goes wrong with rules is told, and keeps no event from being folded; state that cannot be read does."""
        reads = _Reads(state)
        try:
            found = self._found(event, reads)
        except Exception as error:  # noqa: BLE001 - rules are others': whatever they make happen, all else goes on
            found = Finding(troubles=(Trouble(self.name, event.at, clip(f"{error!r}", _MOST_TEXT)),))
        if reads.failed is not None:
            raise reads.failed
        return found

    def _found(self, event: Event, reads: _Reads) -> Finding:
        seen = view(event)
        if seen is None:
            return _NOTHING
        keyed = KeyedState(reads.of_rules, people=reads.by_people, limits=self._rules.limits)
        action, data = seen
        result = self._rules.run(action, data, at=moment(event.at), action_id=number(event), state=keyed)
        wrong = self._troubles.of(result)
        signals = []
        for fired in result.fired:
            try:
                signal = self._signal(event, fired, result, keyed)
            except Exception as error:  # noqa: BLE001 - one rule keeps no other from what it has to tell
                wrong.setdefault(fired.rule, f"{error!r}")
            else:
                signals += [signal] if signal else []
        changed = {f"{PREFIX}{key}": Keep(one.value, one.expires_at) for key, one in keyed.changed.items()}
        troubles = tuple(self._told(event, wrong))
        if is_unread(result.errors):
            signals.append(note(event, self.name, self.version))
            troubles = (Trouble(self.name, event.at, clip(named(event, EXHAUSTED), _MOST_TEXT)), *troubles)
        return Finding(tuple(signals), changed, troubles)

    def _told(self, event: Event, wrong: Mapping[str, str]) -> Iterator[Trouble]:
        for rule, reason in wrong.items():
            stage = self._stage(rule, event)
            if stage not in _SILENT:
                yield Trouble(f"{PREFIX}{rule}", event.at, clip(named(event, reason), _MOST_TEXT), stage)

    def _signal(self, event: Event, fired: Fired, result: Result, state: KeyedState) -> Signal | None:
        stage = self._stage(fired.rule, event)
        if stage in _SILENT:
            return None
        effects = [effect for effect in result.effects if fired.rule in effect.rules]
        asked = self._licensed(_strongest(effects))
        evidence: dict[str, Any] = {"stage": stage, "project": self._project}
        if fired.description:
            evidence["description"] = clip(fired.description, _MOST_TEXT)
        if stage in _ACTIVE:
            asked = self._capped(fired.rule, event, asked, state)
            if labels := self._label(fired.rule, effects, event, state):
                evidence["labels"] = labels
        if others := _others(effects):
            evidence["asks"] = others
        evidence |= _told(asked) | {"why": explain.on_fire(self._rules, fired.rule, result)}
        return Signal(
            detector=f"{PREFIX}{fired.rule}",
            version=self.version,
            subject=event.subject,
            event_id=event.id,
            at=event.at,
            summary=_summary(fired, asked),
            policy=asked.policy,
            probability=asked.probability,
            effect=asked.effect if stage in _ACTIVE else "shadow",  # type: ignore[arg-type] # of _STRONGEST, or "note"
            evidence=evidence,
        )

    def _stage(self, rule: str, event: Event) -> Life:
        who = (event.item and author(event.item)) or Ref("", "")
        return self._lives.get(rule, DRAFT).at(rule, f"{who.type}/{who.id}", event.at)

    def _licensed(self, asked: Asked) -> Asked:
        """What the policy lets rules do: one that it does not name is only told."""
        if asked.policy is None:
            return asked
        policy = self._policies.get(asked.policy)
        if policy is None or policy.retired:
            return Asked(note=asked.note, weakened=f"there is no policy “{asked.policy}”")
        if asked.effect == "act" and policy.rules_may != "act":
            return _as(asked, "enqueue", f"no rule may act under “{policy.name}”")
        if asked.effect == "hold" and policy.rules_may == "enqueue":
            return _as(asked, "enqueue", f"no rule may hold under “{policy.name}”")
        if asked.effect == "hold" and not policy.hold:
            return _as(asked, "enqueue", f"“{policy.name}” names no hold")
        return asked

    def _capped(self, rule: str, event: Event, asked: Asked, state: KeyedState) -> Asked:
        if asked.effect not in ("hold", "act"):
            return asked
        cap = self._lives[rule].cap_per_hour
        done = state.increment(f"cap:{rule}", event=number(event), at=event.at, window=HOUR)
        return asked if done <= cap else _as(asked, "enqueue", f"it reached its cap of {cap} in an hour")

    def _label(self, rule: str, effects: Sequence[Effect], event: Event, state: KeyedState) -> list[dict[str, Any]]:
        """Set the labels, once for each effect: by the first of its rules that is active."""
        told = []
        for effect in effects:
            if effect.kind not in ("label_add", "label_remove") or self._leader(effect, event) != rule:
                continue
            if not _can_be_labelled(effect):
                raise ValueError("A label is on a type and an id of up to 128 and 512 characters, none of them NUL.")
            change = state.apply_label(effect, at=event.at, reason=f"rule {rule}")
            if change is not None and effect.entity is not None:
                who = {"type": effect.entity.type, "id": str(effect.entity.id)}
                kept = {name: change[name] for name in ("label", "status", "since", "expires")}
                told.append(who | kept | {"rule": rule})
        return told

    def _leader(self, effect: Effect, event: Event) -> str | None:
        return next((rule for rule in effect.rules if self._stage(rule, event) in _ACTIVE), None)


class _Reads:
    """What one run reads of the state. Rules take every error as one of a value: that of a store is remembered."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._state = state
        self.failed: Exception | None = None

    def of_rules(self, key: str) -> Any:
        return self._read(f"{PREFIX}{key}")

    def by_people(self, entity: Entity[Any]) -> Mapping[str, Any]:
        if not _can_be_kept(entity):
            return {}
        said: Mapping[str, Any] = self._read(_people_key(entity)) or {}
        return said

    def _read(self, key: str) -> Any:
        try:
            return self._state.get(key)
        except Exception as error:
            self.failed = error
            raise


def _people_key(entity: Entity[Any]) -> str:
    return f"{LABELS_BY_PEOPLE}{entity.type}/{entity.id}"


def _can_be_labelled(effect: Effect) -> bool:
    label = str(effect.arguments["label"])
    return effect.entity is not None and _can_be_kept(effect.entity) and _fits(label, _LONGEST_LABEL)


def _can_be_kept(entity: Entity[Any]) -> bool:
    return _fits(entity.type, _LONGEST_TYPE) and _fits(str(entity.id), _LONGEST_ID)


def _fits(text: str, longest: int) -> bool:
    """Whether every database can keep it."""
    return len(text) <= longest and clip(text, longest) == text


def _strongest(effects: Sequence[Effect]) -> Asked:
    """The strongest effect, with what an Enqueue under the same policy says of it: how likely, and a note."""
    for kind in _STRONGEST:
        for effect in effects:
            if effect.kind == kind:
                given = effect.arguments
                beside = _enqueued(effects, given["policy"])
                return Asked(
                    effect=kind,
                    policy=given["policy"],
                    probability=beside.get("probability", _PROBABILITY),
                    action=given.get("action"),
                    hours=given.get("hours", 0.0),
                    note=beside.get("note") or "",
                )
    return Asked()


def _enqueued(effects: Sequence[Effect], policy: str) -> Mapping[str, Any]:
    """The arguments of the Enqueue under this policy that is the surest."""
    found = [one.arguments for one in effects if one.kind == "enqueue" and one.arguments["policy"] == policy]
    return max(found, key=lambda given: float(given["probability"]), default={})


def _others(effects: Sequence[Effect]) -> list[str]:
    """What the rule asks for that the desk does not do itself: `ban_user: User/7, comment`."""
    known = (*_STRONGEST, "label_add", "label_remove")
    told = [f"{one.kind}: {_worded(one)}" for one in effects if one.kind not in known]
    return [clip(one, _MOST_TEXT) for one in told[:_MOST_OTHERS]]


def _worded(effect: Effect) -> str:
    entity = [f"{effect.entity.type}/{effect.entity.id}"] if effect.entity is not None else []
    return ", ".join([*entity, *(str(one) for one in effect.arguments.values() if one is not None)])


def _as(asked: Asked, effect: str, why: str) -> Asked:
    return Asked(effect=effect, policy=asked.policy, probability=asked.probability, note=asked.note, weakened=why)


def _told(asked: Asked) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if asked.action:
        told["action"] = asked.action
    if asked.hours:
        told["hours"] = asked.hours
    if asked.note:
        told["note"] = clip(asked.note, _MOST_TEXT)
    if asked.weakened:
        told["weakened"] = asked.weakened
        told["capped"] = "cap of" in asked.weakened
    return told


def _summary(fired: Fired, asked: Asked) -> str:
    said = ". ".join(clip(one, _MOST_TEXT).rstrip(".") for one in (fired.description, asked.note) if one)
    told = f"Rule {fired.rule}: {said}" if said else f"Rule {fired.rule}"
    return f"{told} (only told: {asked.weakened})" if asked.weakened else told
