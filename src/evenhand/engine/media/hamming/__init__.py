"""Exact search among 256-bit hashes by Hamming distance."""

from evenhand.engine.media.hamming.index import HammingIndex, Matches
from evenhand.engine.media.hamming.tables import Damaged, Tables

__all__ = ["Damaged", "HammingIndex", "Matches", "Tables"]
