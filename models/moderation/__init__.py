"""Content safety: nothing a person wrote is public before it was looked at."""
