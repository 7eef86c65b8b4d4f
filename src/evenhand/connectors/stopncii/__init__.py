"""StopNCII: hashes of intimate images whose subjects asked that they are not shared, and what we did about them."""

from evenhand.connectors.stopncii.client import StopNcii, from_config

__all__ = ["StopNcii", "from_config"]
