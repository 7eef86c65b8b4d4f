"""Places outside the desk that keep its signed checkpoints: a folder on another machine, an address that takes them."""

from evenhand.connectors.checkpoints.address import Address
from evenhand.connectors.checkpoints.folder import Folder

__all__ = ["Address", "Folder"]
