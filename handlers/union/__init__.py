"""The back office over HTTP: three levels, each seeing its own subtree."""
