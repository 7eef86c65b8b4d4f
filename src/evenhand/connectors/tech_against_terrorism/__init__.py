"""Tech Against Terrorism's hash list."""

from evenhand.connectors.tech_against_terrorism.client import TechAgainstTerrorism, from_config

__all__ = ["TechAgainstTerrorism", "from_config"]
