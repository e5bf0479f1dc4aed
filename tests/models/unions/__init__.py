"""Tests of the unions room."""
