"""Pages for people that need nothing but rules: the versions of the project."""
