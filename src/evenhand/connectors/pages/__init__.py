"""Reaching a person: an ntfy-style topic (a POST to its address), or mail."""

from evenhand.connectors.pages.mail import MailTo, by_mail
from evenhand.connectors.pages.push import by_push
from evenhand.connectors.pages.told import Told

__all__ = ["MailTo", "Told", "by_mail", "by_push"]
