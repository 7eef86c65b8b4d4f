"""Pages for people: the platform as it is, its history, and editing it."""
