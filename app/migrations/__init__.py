"""Migrations: what older rows need, a numbered file each, carried out in order."""
