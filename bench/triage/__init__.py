"""The benchmark of the order of cases: a made-up week of reports, and what each order makes of it."""
