"""The API of Meta's HMA over banks of known media: paths and shapes that its clients know, on a listener of its own."""
