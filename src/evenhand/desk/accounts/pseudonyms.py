"""Names under which people at the desk appear: two plain words and a number, never made from who they are."""

from __future__ import annotations

import secrets

# fmt: off
_FIRST = (
    "amber", "ample", "azure", "brisk", "bronze", "calm", "candid", "clear", "cobalt", "copper", "coral", "crisp",
    "dapper", "deft", "early", "even", "fair", "fern", "firm", "fleet", "fresh", "gentle", "golden", "green",
    "hazel", "honest", "ivory", "jade", "keen", "kind", "lemon", "level", "light", "lilac", "lively", "lucid",
    "mellow", "merry", "mild", "mint", "modest", "neat", "noble", "olive", "opal", "patient", "plain", "polite",
    "proud", "quick", "quiet", "rapid", "ready", "rosy", "ruby", "sandy", "scarlet", "serene", "sharp", "silver",
    "sincere", "smooth", "solid", "steady", "still", "sturdy", "sunny", "swift", "tidy", "topaz", "true", "upright",
    "velvet", "violet", "warm", "willing", "wise", "witty",
)
_SECOND = (
    "alder", "anchor", "apple", "arrow", "aspen", "badger", "bamboo", "beacon", "beech", "bell", "birch", "bison",
    "brook", "candle", "canyon", "cedar", "clover", "comet", "compass", "condor", "cove", "crane", "creek",
    "cypress", "dolphin", "dune", "eagle", "elm", "falcon", "feather", "finch", "fjord", "forest", "fox", "garden",
    "glacier", "gull", "harbor", "hare", "hawk", "heron", "hill", "ibis", "island", "jay", "juniper", "kestrel",
    "kite", "lake", "lantern", "larch", "lark", "linden", "lynx", "maple", "marlin", "marsh", "meadow", "mesa",
    "moose", "oak", "orchard", "osprey", "otter", "owl", "panda", "pebble", "pine", "planet", "plover", "poplar",
    "prairie", "quail", "raven", "reef", "ridge", "river", "robin", "rowan", "salmon", "seal", "shore", "sparrow",
    "spruce", "stork", "summit", "swan", "tern", "thrush", "tulip", "valley", "walnut", "willow", "wren",
)
# fmt: on
_NUMBERS = 90


def draw() -> str:
    """For example "steady-heron-47": 660,000 of them, so that a clash is rare but must be looked for."""
    return f"{secrets.choice(_FIRST)}-{secrets.choice(_SECOND)}-{10 + secrets.randbelow(_NUMBERS)}"
