"""A made-up corpus of copied texts, labelled: what was edited as people edit, and what only looks like a copy."""
