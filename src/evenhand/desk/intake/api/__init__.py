"""What machines talk to: `/api/v1` (Coop's shapes) and `/api/v2` (our own); and what every room's API stands on."""
