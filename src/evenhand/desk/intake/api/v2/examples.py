"""Bodies that v2 takes, where the demo's platform document is in force."""

from __future__ import annotations

POST = {
    "type": "post",
    "id": "post-1",
    "data": {
        "text": "The early ferry was late, but the light over the quay made up for it.",
        "author": "profile-7",
        "posted_at": "2026-01-31T12:00:00Z",
        "pictures": ["https://media.example/ferry.jpg"],
    },
}
PROFILE = {"type": "profile", "id": "profile-7", "data": {"display_name": "Ida"}, "partial": True}
ITEMS = {"items": [POST, PROFILE]}
REPORT = {
    "reporter": {"kind": "user", "type": "profile", "id": "profile-3"},
    "reported_at": "2026-01-31T12:05:00Z",
    "item": POST,
    "policy": "spam",
    "reason": "sells followers",
}
APPEAL = {
    "appeal_id": "appeal-1",
    "by": {"type": "profile", "id": "profile-7"},
    "appealed_at": "2026-02-01T09:00:00Z",
    "item": POST,
    "actions": ["remove"],
    "policies": ["spam"],
    "reason": "it was about a ferry",
}
EVENT = {
    "specversion": "1.0",
    "id": "event-1",
    "source": "/harbourlight/posts",
    "type": "evenhand.item.sent.v2",
    "data": POST,
}
