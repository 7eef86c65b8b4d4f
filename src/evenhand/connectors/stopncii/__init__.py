"""StopNCII: hashes of intimate images whose subjects asked that they are not shared, and what we did about them."""

from evenhand.connectors.stopncii.client import SETTINGS, StopNcii, from_config

__all__ = ["SETTINGS", "StopNcii", "from_config"]
