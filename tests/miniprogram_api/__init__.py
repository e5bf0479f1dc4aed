"""Our client of WeChat, against the simulator and a real Redis."""
