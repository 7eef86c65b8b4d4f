"""Everything that is asked of items and reports. One module for each asker's kind of question."""
