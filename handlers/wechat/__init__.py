"""What WeChat itself calls."""
