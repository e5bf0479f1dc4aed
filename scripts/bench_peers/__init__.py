"""What the inn is measured against: small honest servers that do the same work."""
