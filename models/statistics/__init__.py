"""Figures: derived from what the rooms below keep, and recountable at any time."""
