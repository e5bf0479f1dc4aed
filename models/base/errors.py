"""The ways a verb can refuse. Concrete refusals live beside their verb.

::

    Refusal
      ├── Invalid      422   what was asked makes no sense
      ├── NotSignedIn  401   nobody is known to be asking
      ├── Forbidden    403   this person may not ask for this
      ├── NotFound     404   not there, or not theirs to see
      ├── Conflict     409   it made sense, but the world has moved on
      ├── Gone         410   it was there and is not any more
      ├── TooLarge     413   more than we take
      ├── Unsupported  415   a sort we do not take
      ├── OutOfRange   416   a part that is not there
      ├── TooMany      429   asked too often
      └── Unavailable  503   something we lean on does not answer; ask again
"""

from typing import Any


class Refusal(Exception):
    """A verb said no; nothing changed.

    code:    stable snake_case word the mini-program switches on.
    message: one Chinese sentence for the person, saying what to do next.
    details: plain values for the client, never personal data of others.
    """

    code = "refused"
    message = "操作未完成，请稍后再试。"
    retry_after: int | None = None
    """Seconds after which asking the same again may help; None if it will not."""

    def __init__(
        self, details: dict[str, Any] | None = None, *, message: str | None = None
    ) -> None:
        super().__init__(self.code)
        self.details = details or {}
        if message is not None:
            self.message = message


Refusals = tuple[type[Refusal], ...]
"""What a verb or a door may refuse."""


class Invalid(Refusal):
    """What was asked makes no sense."""

    code = "invalid"
    message = "提交的内容有误，请检查后再试。"


class NotSignedIn(Refusal):
    """Nobody is known to be asking."""

    code = "not_signed_in"
    message = "请先登录后再操作。"


class Forbidden(Refusal):
    """This person may not ask for this."""

    code = "forbidden"
    message = "您没有权限进行此操作。"


class NotFound(Refusal):
    """The thing is not there, or not theirs to see."""

    code = "not_found"
    message = "没有找到您要的内容，请返回重试。"


class Conflict(Refusal):
    """It made sense, but the world has moved on."""

    code = "conflict"
    message = "情况已有变化，请刷新后再试。"


class Gone(Refusal):
    """It was there and is not any more."""

    code = "gone"
    message = "该内容已下线。"


class TooLarge(Refusal):
    """More than we take."""

    code = "too_large"
    message = "提交的内容太大，请精简后再试。"


class Unsupported(Refusal):
    """A sort we do not take."""

    code = "unsupported"
    message = "不支持这种格式，请换一种再试。"


class OutOfRange(Refusal):
    """A part that is not there."""

    code = "out_of_range"
    message = "没有您要的这一部分，请重新获取。"


class TooMany(Refusal):
    """Asked too often; ``retry_after`` says when to come back, in seconds."""

    code = "too_many_requests"
    message = "操作太频繁，请稍等片刻再试。"
    retry_after: int = 60


class Unavailable(Refusal):
    """Something we lean on does not answer; asking again later is right."""

    code = "unavailable"
    message = "服务暂时繁忙，请稍后再试。"
    retry_after: int = 2
