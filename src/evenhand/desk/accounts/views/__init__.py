"""Pages for people: coming in, one's own account, and for admins people and keys."""
