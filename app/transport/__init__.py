"""HTTP/1.1 on llhttp, beneath the same doors: connections, heads, bodies, answers."""
