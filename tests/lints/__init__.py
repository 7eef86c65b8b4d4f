"""The house's own lints: what must never slip, checked on the syntax tree. `python -m tests.lints` runs them all."""
