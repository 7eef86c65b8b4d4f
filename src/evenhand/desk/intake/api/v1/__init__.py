"""Coop's REST shapes, so that a platform can switch by changing an address and a key."""
