"""What the FastAPI peer keeps and shows."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from beanie import Document
from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(validation_alias="_id")]


class Policy(Document):
    """A policy as it is kept."""

    id: str
    topic: str
    region: str
    published_at: datetime
    visible_to: datetime
    grams: list[str]

    class Settings:
        """Where it is kept."""

        name = "policies"


class PolicyItem(BaseModel):
    """A policy in a list."""

    id: Key
    title: str
    topic: str
    topic_name: str
    level: str
    level_name: str
    region: str
    issuer: str
    number: str
    tags: list[str]
    audience: list[str]
    published_at: datetime


class PolicyView(PolicyItem):
    """A policy, whole."""

    edition_id: str
    summary: str
    html: str
    effective_from: str
    effective_to: str | None
    valid_to: str | None
    benefit: dict[str, Any] | None
    has_rule: bool
    attachments: list[dict[str, Any]]
    replaced_by: str | None


class PolicyList(BaseModel):
    """A page of policies."""

    items: list[PolicyItem]
    next: str | None


class Guide(Document):
    """An article as it is kept."""

    id: str
    title: str
    summary: str
    category: str
    published_at: datetime

    class Settings:
        """Where it is kept."""

        name = "guides"


class Training(Document):
    """A training as it is kept."""

    id: str
    title: str
    summary: str
    starts_at: datetime
    sign_up_opens: datetime
    sign_up_closes: datetime

    class Settings:
        """Where it is kept."""

        name = "trainings"


class Station(Document):
    """A station as it is kept."""

    id: str
    name: str
    address: str

    class Settings:
        """Where it is kept."""

        name = "stations"


class BriefPolicy(BaseModel):
    """What the home page needs of a policy."""

    id: Key
    title: str
    summary: str
    published_at: datetime


class HomeItem(BaseModel):
    """One line of a section."""

    kind: str
    id: str
    title: str
    summary: str
    at: datetime | None


class HomeSection(BaseModel):
    """One of the six functions."""

    id: str
    title: str
    link: str
    items: list[HomeItem]


class HomeView(BaseModel):
    """All six."""

    sections: list[HomeSection]


class Worker(Document):
    """A worker as they are kept."""

    id: str
    nickname: str | None
    name: str | None
    phone: str | None
    unit_id: str | None
    joined_at: datetime

    class Settings:
        """Where they are kept."""

        name = "workers"


class WorkerView(BaseModel):
    """A worker as they see themselves."""

    id: Key
    nickname: str | None
    name: str | None
    phone: str | None
    unit_id: str | None
    joined_at: datetime


class Slot(Document):
    """A slot and how many of its ports are free."""

    id: str
    station_id: str
    station_name: str
    service: str
    day: str
    start: datetime
    end: datetime
    ports: int
    left: int

    class Settings:
        """Where it is kept."""

        name = "slots"


class BookingRequest(BaseModel):
    """Which slot to book."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    slot_id: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,80}$")]


class Booking(Document):
    """A booking as it is kept."""

    id: str
    worker_id: str
    day: str
    state: str
    station_id: str
    station_name: str
    service: str
    slot_id: str
    start: datetime
    end: datetime
    made_at: datetime

    class Settings:
        """Where it is kept."""

        name = "bookings"


class BookingView(BaseModel):
    """A booking as its worker sees it."""

    id: str
    state: str
    station_id: str
    station_name: str
    service: str
    slot_id: str
    start: datetime
    end: datetime
    made_at: datetime


class Happening(Document):
    """What happened, for whoever delivers it."""

    id: str
    kind: str
    at: datetime
    data: dict[str, Any]

    class Settings:
        """Where it is kept."""

        name = "events"
