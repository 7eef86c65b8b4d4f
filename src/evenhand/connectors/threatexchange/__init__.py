"""ThreatExchange: a privacy group's shared indicators that are hashes, and reactions to them."""

from evenhand.connectors.threatexchange.client import ThreatExchange, from_config

__all__ = ["ThreatExchange", "from_config"]
