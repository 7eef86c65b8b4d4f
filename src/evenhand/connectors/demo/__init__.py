"""Harbourlight, a made-up platform: a town's life as calls to the desk's API, and the end that its webhooks reach."""
