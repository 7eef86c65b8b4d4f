"""Forms over the platform document, made from its Structs: what to show, and what was sent back."""

from evenhand.desk.policies.forms.inputs import Input, inputs, place
from evenhand.desk.policies.forms.sent import Sent, sent

__all__ = ["Input", "Sent", "inputs", "place", "sent"]
