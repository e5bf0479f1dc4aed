"""Backups of a running replica set, restored and proved by the same hand."""
