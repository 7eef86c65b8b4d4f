"""Our own API, in one style: problem details, cursors, idempotency keys, and a result for each thing sent."""
