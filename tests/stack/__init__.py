"""The three commands and what stands under them."""
