"""Units are types: a number without one of these is a plain count."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

Instant = Annotated[
    datetime, Meta(tz=True, description="A moment, RFC 3339, from 1900 to 2999.")
]
Day = Annotated[date, Meta(description="A civil day in Shanghai, YYYY-MM-DD.")]
Metres = Annotated[int, Meta(ge=0, description="Distance on the ground, in metres.")]
Minutes = Annotated[int, Meta(ge=0, description="Length of time, in minutes.")]
Seconds = Annotated[int, Meta(ge=0, description="Length of time, in seconds.")]
Places = Annotated[int, Meta(ge=0, description="People something can still take.")]
Fen = Annotated[int, Meta(description="Money in fen (分); 100 fen are one yuan.")]
Id = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][A-Za-z0-9_-]{1,79}\Z",
        description="The id of a thing, its noun first.",
    ),
]
