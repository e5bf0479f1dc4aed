"""What must hold; tests see every storey."""
