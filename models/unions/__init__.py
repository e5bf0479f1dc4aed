"""The union: its tree, and the people who work for it at the stations."""
