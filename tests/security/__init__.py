"""Attacks on a house that is really served, over real sockets."""
