"""ThreatExchange: a privacy group's shared indicators that are hashes, and reactions to them."""

from evenhand.connectors.threatexchange.client import SETTINGS, ThreatExchange, from_config

__all__ = ["SETTINGS", "ThreatExchange", "from_config"]
