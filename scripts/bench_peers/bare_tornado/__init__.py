"""The ceiling: Tornado with nothing behind it."""
