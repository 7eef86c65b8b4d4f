"""Everything that is asked of decisions and deliveries. One module for each asker's kind of question."""
