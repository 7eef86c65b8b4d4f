"""Reaching a person: an ntfy-style topic (a POST to its address), mail, or a browser."""

from evenhand.connectors.pages.mail import MailTo, by_mail
from evenhand.connectors.pages.push import by_push
from evenhand.connectors.pages.told import Told
from evenhand.connectors.pages.webpush import BadSubscription, by_webpush, public, read, sender

__all__ = ["BadSubscription", "MailTo", "Told", "by_mail", "by_push", "by_webpush", "public", "read", "sender"]
