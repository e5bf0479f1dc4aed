"""The doors: HTTP, one folder a port."""
