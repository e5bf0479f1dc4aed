"""The ground floor, tried."""
