"""What people are told: their inbox, and WeChat's cards when they allowed one."""
