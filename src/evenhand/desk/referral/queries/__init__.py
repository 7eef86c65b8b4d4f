"""What is asked of whom, and how often the answers were those that the decisions gave."""
