"""Whether parsed rule files make sense together: names, files, types, labels."""
