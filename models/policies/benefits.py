"""Benefits (待遇): what a policy gives, how often, and which of two is worth more."""

from enum import StrEnum

import msgspec

from models.base.units import Fen

MONTHS_A_YEAR = 12


class BenefitKind(StrEnum):
    """What one gets."""

    SUBSIDY = "subsidy"
    CASH = "cash"
    SERVICE = "service"
    LOAN = "loan"
    INSURANCE = "insurance"


class Per(StrEnum):
    """How often one gets it."""

    MONTH = "month"
    ONCE = "once"
    YEAR = "year"
    PERSON = "person"


class Benefit(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a policy gives."""

    kind: BenefitKind
    amount_fen: Fen | None = None
    """The most there is; null where it depends."""
    per: Per | None = None
    exclusive_group: str | None = None
    """Of the policies of one group a person can take only one."""

    @property
    def yearly_fen(self) -> int | None:
        """The most it gives in a year, to compare two; None if it depends."""
        if self.amount_fen is None:
            return None
        return self.amount_fen * (MONTHS_A_YEAR if self.per is Per.MONTH else 1)
