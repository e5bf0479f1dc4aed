"""Policies (政策) and employment guidance (就业指导): what helps, and for whom."""
