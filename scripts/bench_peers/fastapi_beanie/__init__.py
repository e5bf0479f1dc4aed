"""FastAPI with Beanie on uvicorn, as its documentation teaches it."""
