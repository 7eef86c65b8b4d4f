"""NCMEC's hash sharing, version 2: entries of its members, and opinions on their fingerprints."""

from evenhand.connectors.ncmec_hashes.client import SETTINGS, NcmecHashes, from_config

__all__ = ["SETTINGS", "NcmecHashes", "from_config"]
