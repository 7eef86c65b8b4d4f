"""What the pages about known media call kinds, states, distances and records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from msgspec import Struct

from evenhand.desk.media.queries.browsing import Bank, Entry, Feedback, Look, is_off
from evenhand.desk.media.queries.voices import Pair
from evenhand.engine.detect.knownmedia import BITS, EVERY, PERCEPTUAL, PRIOR, PRIOR_WEIGHT, SURE
from evenhand.engine.detect.knownmediavoices import independent
from evenhand.engine.triage.reliability import Accuracy, accuracy

HOLDS: dict[str, Promise] = {
    Bank.Holds.NEVER: gettext_lazy("holds nothing"),
    Bank.Holds.CONFIRMED: gettext_lazy("holds when a second list agrees"),
    Bank.Holds.ALWAYS: gettext_lazy("holds at each exact match, and when a second list agrees"),
}
LOOKS: dict[str, tuple[Promise, str]] = {
    Look.State.WAITING: (gettext_lazy("waits"), ""),
    Look.State.FETCHING: (gettext_lazy("is being looked at"), "chip-accent"),
    Look.State.UNREACHABLE: (gettext_lazy("did not come"), "chip-warn"),
    Look.State.GONE: (gettext_lazy("is gone"), "chip-warn"),
    Look.State.UNDECODABLE: (gettext_lazy("cannot be decoded"), "chip-warn"),
    Look.State.GIVEN: (gettext_lazy("not fetched"), ""),
}
OPINIONS: dict[str, tuple[Promise, str]] = {
    Feedback.State.PROPOSED: (gettext_lazy("waits for a person"), "chip-warn"),
    Feedback.State.CONFIRMED: (gettext_lazy("on its way"), "chip-accent"),
    Feedback.State.SENT: (gettext_lazy("sent"), "chip-good"),
    Feedback.State.FAILED: (gettext_lazy("could not be sent"), "chip-critical"),
    Feedback.State.REFUSED: (gettext_lazy("refused by its owner"), "chip-critical"),
}


class Chip(Struct, frozen=True):
    word: str
    look: str = ""


class Distance(Struct, frozen=True):
    """A distance as a small picture, in units of its own: `at` on a scale of `width`, on which up to `sure` is near."""

    told: str
    short: str
    at: float
    sure: float
    width: float
    exact: bool


def kind(name: str) -> str:
    """A kind of hash, for people."""
    return {
        "pdq": _("PDQ: how a picture looks"),
        "vpdq": _("vPDQ: how a film's frames look"),
        "video_md5": _("MD5 of a film"),
    }.get(name, name.upper())


def entry_state(entry: Entry) -> Chip:
    if entry.review == Entry.Review.REJECTED:
        return Chip(_("rejected here"), "chip-warn")
    if entry.withdrawn_at is not None:
        return Chip(_("withdrawn"))
    if is_off(entry, timezone.now()):
        return Chip(_("off for a time"), "chip-warn")
    return Chip(_("matches"), "chip-good")


def look_state(look: Look) -> Chip:
    word, chip = LOOKS[look.state]
    return Chip(str(word), chip)


def opinion_state(feedback: Feedback) -> Chip:
    word, chip = OPINIONS[feedback.state]
    return Chip(str(word), chip)


def whose(entry: Entry) -> str:
    return entry.source.name if entry.source else _("added here")


def place(number: int, of: int) -> str:
    """Of several media of an item, in the order in which they are shown."""
    return _("medium %(number)s of %(of)s") % {"number": number, "of": of}


def distance(bits: int, kind_: str, radius: int) -> Distance:
    """Exact hashes are equal; perceptual ones lie so many bits apart."""
    width = float(max(radius, 1))
    if kind_ not in PERCEPTUAL:
        return Distance(_("the same file, byte for byte"), _("exact"), 0.0, width, width, exact=True)
    told = _("%(bits)s of %(all)s bits differ; up to %(radius)s it counts as a match") % {
        "bits": bits, "all": BITS, "radius": radius,
    }  # fmt: skip
    return Distance(told, str(bits), float(min(bits, radius)), float(min(SURE, radius)), width, exact=False)


def record(upheld: int, dismissed: int) -> Accuracy:
    """Of a list or an entry, from the same prior that its probability is made from."""
    return accuracy(upheld, dismissed, PRIOR, PRIOR_WEIGHT)


def record_told(right: Accuracy) -> str:
    """Always with its number, its interval, and what it starts from: wrong once is not worthless."""
    if not right.decided:
        return _("no match decided yet")
    upheld = round(right.mean * (right.decided + PRIOR_WEIGHT) - PRIOR * PRIOR_WEIGHT)
    told = _(
        "%(upheld)s of %(decided)s upheld; estimated right in %(mean)s (%(low)s to %(high)s, 90 %% interval), where"
        " each starts from %(prior)s, as if %(weight)s matches had been decided"
    )
    return told % {
        "prior": f"{PRIOR:.0%}", "weight": f"{PRIOR_WEIGHT:.0f}",
        "upheld": f"{upheld:,}", "decided": f"{right.decided:,}", "mean": f"{right.mean:.0%}",
        "low": f"{right.low:.0%}", "high": f"{right.high:.0%}",
    }  # fmt: skip


def agreement(lists: Sequence[str], alike: Mapping[str, Sequence[str]], pairs: Sequence[Pair]) -> str:
    """How many lists have it, which, and as how many voices they count. `pairs`: those that count as one."""
    if len(lists) < 2:  # noqa: PLR2004 (one is none but its own)
        return _("No second list has it.")
    beside = [(one, other) for one in lists for other in (lists if EVERY in alike.get(one, ()) else alike.get(one, ()))]
    voices = len(independent(dict.fromkeys(lists, 1.0), beside))
    named = {"count": len(lists), "voices": voices, "lists": ", ".join(lists)}
    if voices == len(lists):
        return _("%(count)s lists have it: %(lists)s") % named
    told = ngettext(
        "%(count)s lists have it, which count as one voice: %(lists)s.",
        "%(count)s lists have it, which count as %(voices)s voices: %(lists)s.",
        voices,
    )
    return " ".join((told % named, *map(one_voice, pairs)))


def counted_once(pair: Pair) -> str:
    """What follows from two lists being one voice, and why they are."""
    told = _("%(one)s and %(other)s count as one voice, and do not confirm each other.")
    return f"{told % {'one': pair.one, 'other': pair.other}} {one_voice(pair)}"


def one_voice(pair: Pair) -> str:
    """Why two lists count as one."""
    if pair.share is None:
        return _("%(one)s and %(other)s are of one owner.") % {"one": pair.one, "other": pair.other}
    return _("%(share)s of the media of %(one)s are in %(other)s, too.") % {
        "share": f"{pair.share:.0%}", "one": pair.one, "other": pair.other,
    }  # fmt: skip
