"""Rules of the desk: the project in force, the life of each rule, labels, and how often rules fire."""
