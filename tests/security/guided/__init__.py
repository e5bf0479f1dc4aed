"""Guided fuzzing: what reads strangers' bytes is fed by what its own lines showed."""
