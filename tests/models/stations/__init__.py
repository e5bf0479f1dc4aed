"""The stations room, tried."""
