"""How large and how deep a request may be, beyond the size of its body."""

from __future__ import annotations

DEPTH = 32
"""Arrays and objects inside each other, the item's `data` included."""
WIDTH = 10_000
"""Members of one array or object."""
STRING = 1_000_000
"""Characters of one string."""
KEY = 256
"""Characters of the name of a field or key."""
URL = 8_192
EMAIL = 320
ID = 512
TYPE_ID = 128
ITEMS = 10_000
"""Items, reports or events in one request."""
CONTEXT = 1_000
"""Items of a thread, and additional items, of one report or appeal."""
PROBLEMS = 100
"""Problems told in one answer."""
COUNTED = 1_000
"""Mistakes that are looked for: in the shape of one request, and in one field of an item."""
