"""Tests of the benchmark: whatever a figure goes through, and a small real run."""
