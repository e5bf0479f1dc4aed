"""Workers as the union sees them: where they belong, what it has seen proof of."""
