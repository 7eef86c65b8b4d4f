"""Functions for the AT Protocol (Bluesky): records' facets, URIs, labels and lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evenhand.engine.rules.function import Family
from evenhand.engine.rules.run import Context
from evenhand.engine.rules.values import Effect, Entity

FAMILY = Family()
_RECORDS = (("record",), ("commit", "record"), ("operation", "record"), ("value",))
"""Where events carry the record: bare, as Jetstream has it, as the firehose has it, as a repository has it."""
_FACET = "app.bsky.richtext.facet#"
_AUTHORITY = "at://"


@FAMILY.add("DidFromUri", cost=1, total=True)
def did_from_uri(uri: str | None) -> str | None:
    """The authority of an at:// URI: whose record it is. None for None, and for any other URI."""
    if uri is None or not uri.startswith(_AUTHORITY):
        return None
    return uri.removeprefix(_AUTHORITY).partition("/")[0] or None


@FAMILY.add("LinksFromFacets", cost=10)
def links_from_facets(context: Context) -> list[str]:
    """The URIs that the event's record links to, in the order of its facets."""
    return list(_features(context, "link", "uri"))


@FAMILY.add("MentionsFromFacets", cost=10)
def mentions_from_facets(context: Context) -> list[str]:
    """The accounts (DIDs) that the event's record mentions, in the order of its facets."""
    return list(_features(context, "mention", "did"))


@FAMILY.add("TagsFromFacets", cost=10)
def tags_from_facets(context: Context) -> list[str]:
    """The hashtags of the event's record, without "#", in the order of its facets."""
    return list(_features(context, "tag", "tag"))


@FAMILY.add("AtprotoLabel", cost=2, total=True)
def atproto_label(
    entity: Entity[Any] | str, label: str, comment: str, expiration_in_hours: float | None = None
) -> Effect:
    """An effect: labels an account or a record on the network.

    `entity`: the account or record, as an entity, a DID or an at:// URI. `comment`: why. `expiration_in_hours`: how
    long the label stays; always, when not given.
    """
    arguments = {"label": label, "comment": comment, "expiration_in_hours": expiration_in_hours}
    return Effect(kind="atproto_label", entity=_entity(entity), arguments=arguments)


@FAMILY.add("AtprotoList", cost=2, total=True)
def atproto_list(did: Entity[str] | str, list_uri: str) -> Effect:
    """An effect: puts an account on a list.

    `did`: the account. `list_uri`: the at:// URI of the list.
    """
    return Effect(kind="atproto_list", entity=_entity(did), arguments={"list_uri": list_uri})


def _entity(named: Entity[Any] | str) -> Entity[Any]:
    if isinstance(named, Entity):
        return named
    return Entity("AtUri" if named.startswith(_AUTHORITY) else "Did", named)


def _features(context: Context, kind: str, field: str) -> Iterator[str]:
    for facet in _listed(_record(context.data).get("facets")):
        for feature in _listed(facet.get("features")):
            value = feature.get(field)
            if feature.get("$type") == _FACET + kind and isinstance(value, str):
                yield value


def _record(data: Mapping[str, Any]) -> Mapping[str, Any]:
    for path in _RECORDS:
        found: Any = data
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, dict):
            return found
    return {}


def _listed(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a JSON array; events are others', and may hold anything in its place."""
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
