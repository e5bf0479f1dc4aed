"""The talent port (劳动者端): what a worker's mini-program calls."""
