"""Bodies that v1 takes, where the demo's platform document is in force."""

from __future__ import annotations

POST = {
    "id": "post-1",
    "typeId": "post",
    "data": {
        "text": "The early ferry was late, but the light over the quay made up for it.",
        "author": {"id": "profile-7", "typeId": "profile"},
        "posted_at": "2026-01-31T12:00:00Z",
        "views": "41",
    },
}
ITEMS = {"items": [POST]}
CONTENT = {
    "contentType": "Post",
    "contentId": "post-1",
    "content": {"text": "The early ferry was late.", "posted_at": "2026-01-31T12:00:00Z"},
    "userId": "profile-7",
    "sync": True,
}
REPORT = {
    "reporter": {"kind": "user", "typeId": "profile", "id": "profile-3"},
    "reportedAt": "2026-01-31T12:05:00Z",
    "reportedForReason": {"policyId": "spam", "reason": "sells followers", "csam": False},
    "reportedItem": POST,
    "reportedItemsInThread": [{"id": "post-1", "typeId": "post"}],
}
APPEAL = {
    "appealId": "appeal-1",
    "appealedBy": {"typeId": "profile", "id": "profile-7"},
    "appealedAt": "2026-02-01T09:00:00Z",
    "actionedItem": POST,
    "actionsTaken": ["remove"],
    "appealReason": "it was about a ferry",
    "violatingPolicies": [{"id": "spam"}],
}
