"""Rules in SML: parse, check, compile, run, explain."""
