"""What every door is made of."""
