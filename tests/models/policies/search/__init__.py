"""The search index, tried."""
