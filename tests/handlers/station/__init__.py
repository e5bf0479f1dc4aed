"""Tests of the doors of one port."""
