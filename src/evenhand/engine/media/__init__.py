"""Known media: perceptual hashes of decoded pixels, and exact search among them. Imported lazily: importing this costs
no numba, no tables."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evenhand.engine.media.exact import ExactSet
    from evenhand.engine.media.hamming import HammingIndex, Matches
    from evenhand.engine.media.hashing import Pdq, pdq, pdq_dihedral
    from evenhand.engine.media.vpdq import VideoIndex

_HOMES = {
    "ExactSet": "exact",
    "HammingIndex": "hamming",
    "Matches": "hamming",
    "Pdq": "hashing",
    "VideoIndex": "vpdq",
    "pdq": "hashing",
    "pdq_dihedral": "hashing",
}

__all__ = [
    "ExactSet",
    "HammingIndex",
    "Matches",
    "Pdq",
    "VideoIndex",
    "pdq",
    "pdq_dihedral",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
