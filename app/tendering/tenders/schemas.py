"""Tenders on the wire."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.core.procedure.deadlines import day_in_china
from app.core.procedure.tender_state import LotState, TenderState
from app.core.procedure.tender_terms import TermsWarning
from app.platform.database.identifiers import is_practice
from app.platform.web.schema import Input, OfTender, Output, Shaped
from app.platform.web.types import Amount, Chars, Instant
from app.tendering.policies.plan import AwardPart, FundPart, PartiesPart, SchedulePart, SchemePart
from app.tendering.policies.schema import PolicyDocument
from app.tendering.tenders.tables import Lot, Tender

Assurance = Literal["declared", "documented"]
Title = Annotated[str, Chars(1, 400)]
Key = Annotated[str, Chars(1, 64, r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Reason = Annotated[str, Chars(1, 2_000)]


def _policy(value: Any) -> Any:
    if isinstance(value, str | dict):
        return value
    raise PydanticCustomError("policy", "The id of a preset or a policy document is expected")


PolicyChoice = Annotated[
    Any,
    BeforeValidator(_policy),
    Shaped(Annotated[str, Field(max_length=64)] | PolicyDocument),
    Field(examples=["suzhou-current"]),
]


class LotIn(Input):
    """A lot 采购单元; `key` is its name in the award rule, `ceiling` defaults to the tender's; yuan."""

    key: Key
    name: Title
    district: Annotated[str, Chars(0, 400)] = ""
    value: Amount
    ceiling: Amount | None = None


Lots = Annotated[list[LotIn], Field(min_length=1, max_length=1000)]


class TenderIn(Input):
    """A tender from a preset (everything else then has the preset's values), or whole with a policy of its own."""

    practice: bool = Field(
        default=False, description="A tender for practice 演练: its clock can be advanced, and everything of it says so"
    )
    title: Title | None = None
    policy: PolicyChoice = "suzhou-current"
    bid_deadline: Instant | None = None
    assurance: Assurance = Field(default="documented", description="Evidence that a requirement needs to be met")
    ceiling: Amount | None = None
    lots: Lots | None = None
    scheme: SchemePart | None = None
    award: AwardPart | None = Field(
        default=None, description="Defaults to the policy's; without one, lot by lot in their order without a limit"
    )
    parties: PartiesPart | None = None
    fund: FundPart | None = Field(default=None, description="Defaults to the preset's if the lots are the preset's")
    schedule: SchedulePart | None = None


class TenderChange(Input):
    """Changes to a draft; omitted members stay unchanged."""

    title: Title | None = None
    bid_deadline: Instant | None = None
    assurance: Assurance | None = None


class LotsIn(Input):
    """The lots that replace all lots of a draft; lots that keep their key keep their id."""

    lots: Lots


class Cancellation(Input):
    """Why a tender ends without an award 终止招标."""

    reason: Reason


class Move(Input):
    """The next state of the procedure."""

    to: Literal["active.qualification", "active.evaluation", "active.awarded", "complete", "unsuccessful"]
    reason: Reason | None = None


class PracticeClockIn(Input):
    """The time to which the clock of a practice tender is advanced; it never goes back."""

    to: Instant


class LotOut(OfTender):
    """A lot."""

    id: str
    tender_id: str
    key: str
    name: str
    district: str
    value: Amount
    ceiling: Amount
    state: LotState

    @classmethod
    def of(cls, lot: Lot) -> Self:
        """Build from its row."""
        return cls.model_validate(lot)


class PolicyName(Output):
    """A policy by id and hash."""

    id: str
    version: str
    sha256: str


class TenderWarning(Output):
    """A warning for the officer before publication; it does not block publication."""

    code: TermsWarning
    article: str


class TenderOut(Output):
    """A tender; `asOf` is the day for which qualifications are judged: the bid deadline's date in China.

    `practiceTime` is what the clock of a practice tender shows; null for a real tender.
    """

    id: str
    title: str
    state: TenderState
    state_reason: str | None
    practice: bool
    practice_time: datetime | None
    policy: PolicyName
    assurance: Assurance
    bid_deadline: datetime | None
    as_of: date | None
    ceiling: Amount
    scheme: Annotated[Any, Shaped(SchemePart)]
    award: Annotated[Any, Shaped(AwardPart)]
    parties: Annotated[Any, Shaped(PartiesPart | None)]
    fund: Annotated[Any, Shaped(FundPart | None)]
    schedule: Annotated[Any, Shaped(SchedulePart | None)]
    published_at: datetime | None
    terms_sha256: str | None
    warnings: list[TenderWarning]
    created_at: datetime
    version: int

    @classmethod
    def of(cls, tender: Tender, found: Iterable[TermsWarning], now: datetime) -> Self:
        """Build from its row, the warnings about its terms, and its present time."""
        practice = is_practice(tender.id)
        name = PolicyName(id=tender.policy_id, version=tender.policy_version, sha256=tender.policy_sha256)
        deadline = tender.bid_deadline
        plain = ("id", "title", "state", "state_reason", "assurance", "bid_deadline", "ceiling", "scheme", "award")
        plan = {name: tender.plan[name] for name in ("parties", "fund", "schedule")}
        rest = ("published_at", "terms_sha256", "created_at", "version")
        return cls(
            **{member: getattr(tender, member) for member in plain + rest},
            **plan,
            policy=name,
            practice=practice,
            practice_time=now if practice else None,
            as_of=day_in_china(deadline) if deadline else None,
            warnings=[TenderWarning(code=one, article=one.article) for one in found],
        )


class PolicyOut(PolicyName):
    """The policy document of a tender; `frozen` once the tender is published (实施条例 第三十四条)."""

    frozen: bool
    document: Annotated[Any, Shaped(PolicyDocument)]

    @classmethod
    def of_tender(cls, tender: Tender) -> Self:
        """Build from the tender's row."""
        return cls(
            id=tender.policy_id,
            version=tender.policy_version,
            sha256=tender.policy_sha256,
            frozen=tender.state != TenderState.DRAFT,
            document=tender.policy_document,
        )


class PolicyIn(Input):
    """A new policy for a draft; its `tender` part, if any, replaces lots, scheme and award."""

    policy: PolicyChoice
