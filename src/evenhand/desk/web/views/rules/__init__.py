"""Pages about rules that need more rooms than that of the rules."""
