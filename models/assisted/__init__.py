"""Assisted service: a clerk does a worker's own deed, with the worker's code."""
