"""Tech Against Terrorism's hash list."""

from evenhand.connectors.tech_against_terrorism.client import SETTINGS, TechAgainstTerrorism, from_config

__all__ = ["SETTINGS", "TechAgainstTerrorism", "from_config"]
