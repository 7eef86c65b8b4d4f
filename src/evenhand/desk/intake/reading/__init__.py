"""Turns what a platform sent into `engine.model.Item`: coerces, checks, and says precisely what is wrong. Pure."""
