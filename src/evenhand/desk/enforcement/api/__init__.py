"""What machines may do about actions, with a key of scope `act`; what they may ask about what was decided; and deciding
for a person, with a key of scope `moderate`."""

from evenhand.desk.enforcement.api import batches, clusters, detail, held, lists, moderate, parts, requests

OPERATIONS = (
    *requests.OPERATIONS,
    *lists.OPERATIONS,
    *moderate.OPERATIONS,
    *parts.OPERATIONS,
    *detail.OPERATIONS,
    *clusters.OPERATIONS,
    *batches.OPERATIONS,
    *held.OPERATIONS,
)
