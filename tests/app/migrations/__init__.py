"""Migrations, tried on a real MongoDB."""
