"""NCMEC's hash sharing, version 2: entries of its members, and opinions on their fingerprints."""

from evenhand.connectors.ncmec_hashes.client import NcmecHashes, from_config

__all__ = ["NcmecHashes", "from_config"]
