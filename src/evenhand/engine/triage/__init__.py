"""The order of cases: what waiting costs."""
