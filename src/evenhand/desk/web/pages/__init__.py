"""What each page shows, as values: put together from the rooms' queries, before any HTML."""
