"""What stands under the three commands: a venv, servers, children, checks."""
