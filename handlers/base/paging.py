"""How lists are asked for: the same words on every list."""

from typing import Annotated

from msgspec import Meta

MOST_ITEMS = 50

Limit = Annotated[int, Meta(ge=1, le=MOST_ITEMS, description="Items a page, 1 to 50.")]
Cursor = Annotated[
    str, Meta(max_length=512, description="The `next` of the page before.")
]

Part = Annotated[
    str,
    Meta(
        max_length=60,
        pattern=r"^[^\x00]*\Z",
        description="A part of what is looked for, as it is written.",
    ),
]
"""Goes into an expression of MongoDB's, which takes everything but a NUL."""
