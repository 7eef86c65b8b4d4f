"""`python -m evenhand.cli`: the command, for processes that start others."""

from evenhand.cli.main import main

main()
