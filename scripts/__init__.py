"""Operator's chores, the development stack, measurements."""
