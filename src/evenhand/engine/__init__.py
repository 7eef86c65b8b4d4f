"""The pure part: values in, values out. No Django, database, network, clock or randomness of its own."""
