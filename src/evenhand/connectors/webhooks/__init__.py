"""Webhooks: the shapes of their bodies, their signatures (Standard Webhooks 1.0.0 and Coop's), and the call itself."""

from evenhand.connectors.webhooks.keys import mint, parse_secret, secret_text
from evenhand.connectors.webhooks.sender import Sent, Webhooks
from evenhand.connectors.webhooks.standard import NotGenuine, verify

__all__ = ["NotGenuine", "Sent", "Webhooks", "mint", "parse_secret", "secret_text", "verify"]
