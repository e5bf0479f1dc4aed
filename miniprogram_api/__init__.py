"""Our client of WeChat's mini-program server API; it knows nothing of the inn."""
