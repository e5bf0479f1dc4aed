"""Opens, wires and starts; the only storey that reads the environment."""
