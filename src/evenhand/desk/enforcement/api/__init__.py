"""What machines may do about actions, with a key of scope `act`; and what they may ask about what was decided."""

from evenhand.desk.enforcement.api import lists, requests

OPERATIONS = (*requests.OPERATIONS, *lists.OPERATIONS)
