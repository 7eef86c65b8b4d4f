"""What templates ask of the console: theme, keys, navigation, ages, media."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from evenhand.desk.accounts.permissions import Permission, allowed
from evenhand.desk.accounts.queries import User
from evenhand.desk.cases.queries import Case, looks
from evenhand.desk.intake.queries import search
from evenhand.desk.policies import queries as policies
from evenhand.desk.web import figures
from evenhand.desk.web import navigation as pages
from evenhand.desk.web.pages import why
from evenhand.desk.web.pages.reports import policy_name
from evenhand.engine.model import Media, Ref
from evenhand.engine.rules import Problem

register = template.Library()
THEMES = frozenset({"light", "dark", "contrast"})
SESSION = timedelta(hours=12)


def _user(context: Context) -> User | None:
    user = getattr(context.get("request"), "user", None)
    return user if isinstance(user, User) else None


def _preferences(context: Context) -> dict[str, Any]:
    user = _user(context)
    return user.preferences if user else {}


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The theme that the person set; "auto" follows the device."""
    chosen = _preferences(context).get("theme")
    return chosen if chosen in THEMES else "auto"


@register.simple_tag(takes_context=True)
def key(context: Context, name: str) -> SafeString:
    """The attributes that make an element answer to a key: to the person's own, if they changed it."""
    own = _own(context, name)
    pressed = f"Shift+{own}" if own.isupper() else own
    return format_html('data-key="{}" aria-keyshortcuts="{}"', own, pressed) if own else mark_safe("")


@register.simple_tag(takes_context=True)
def own_key(context: Context, name: str) -> str:
    """The person's own key for one of the console's; "" for who uses none."""
    return _own(context, name)


@register.simple_tag(takes_context=True)
def kbd(context: Context, name: str) -> SafeString:
    """The key, as it is shown on its button."""
    own = _own(context, name)
    return format_html('<kbd aria-hidden="true">{}</kbd>', _printed(own)) if own else mark_safe("")


def _own(context: Context, name: str) -> str:
    preferences = _preferences(context)
    return "" if preferences.get("keys_off") else str(preferences.get("keys", {}).get(name, name))


@register.simple_tag(takes_context=True)
def listed_key(context: Context, name: str) -> SafeString:
    """The key, as the list of keys tells it."""
    own = _own(context, name)
    return format_html("<kbd>{}</kbd>", _printed(own)) if own else mark_safe("—")


def _printed(key: str) -> str:
    """A capital is pressed with Shift, and says so."""
    return f"⇧{key}" if key.isupper() else key


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[pages.Link]:
    request = context.get("request")
    return pages.links(request) if request is not None else []


@register.simple_tag(takes_context=True)
def exposure(context: Context) -> looks.Exposure | None:
    """What the person has opened since they came in; None for who may not open any."""
    user = _user(context)
    if user is None or not allowed(user, Permission.SEE_MEDIA):
        return None
    since = timezone.now() - SESSION
    return looks.exposure(user, max(since, user.last_login or since))


@register.filter
def age(moment: datetime | None) -> str:
    """How long ago, in one unit."""
    if moment is None:
        return ""
    return figures.span((timezone.now() - moment).total_seconds())


@register.filter
def ago(moment: datetime | None) -> SafeString:
    """How long ago, with the exact time at hand."""
    if moment is None:
        return mark_safe("")
    exact = moment.strftime("%Y-%m-%d %H:%M:%S UTC")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, age(moment))


@register.filter
def number(value: Any) -> str:
    return figures.number(value)


@register.filter
def percent(share: float) -> str:
    return f"{share:.0%}"


@register.filter
def at(values: Any, key: str) -> Any:
    """What a mapping has under a key; None without, and without a mapping."""
    return values.get(key) if isinstance(values, dict) else None


@register.filter
def caret(problem: Problem) -> str:
    """The line with a caret under what is meant."""
    return "\n".join(str(problem).split("\n")[1:3]) if problem.source else ""


@register.filter
def host(url: str) -> str:
    return urlsplit(url).hostname or url


@register.filter
def headline(case: Case) -> str:
    """The shortest reason for a case."""
    return why.headline(case.why, policy_name(case.policy, policies.current()))


@register.simple_tag
def excerpt(text: str, query: str) -> SafeString:
    """The part of a text where the query stands, with its words marked."""
    pieces: Iterable[tuple[str, bool]] = search.excerpt(text, query)
    return format_html_join("", "{}", ((_marked(piece, found),) for piece, found in pieces))


def _marked(piece: str, found: bool) -> SafeString | str:  # noqa: FBT001 (a pair from search)
    return format_html("<mark>{}</mark>", piece) if found else piece


@register.inclusion_tag("web/parts/media_closed.html", takes_context=True)
def closed_media(context: Context, media: Media, ref: Ref) -> dict[str, Any]:
    """The only way to show media: closed, with what is known of it, and a button that opens it on purpose."""
    page = context.get("page")
    verdicts = [
        one.signal.summary for one in getattr(page, "findings", []) if one.signal.evidence.get("url") == media.url
    ]
    return {
        "media": media,
        "ref": ref,
        "verdict": " · ".join(verdicts),
        "case": getattr(context.get("page"), "case", None),
        "queue": context.get("queue", ""),
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "may_see": allowed(user, Permission.SEE_MEDIA) if (user := _user(context)) else False,
    }
