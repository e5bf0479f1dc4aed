"""Tests of the chores of operators."""
