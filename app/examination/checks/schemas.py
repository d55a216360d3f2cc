"""Checks on the wire."""

from typing import Annotated, Self

from pydantic import Field

from app.core.facts.measured import Measured
from app.core.facts.outcome import Outcome, Verdict
from app.examination.checks.policy import MonitoringBodyScreened
from app.platform.web.schema import Input, Output
from app.platform.web.types import Chars, Id, whole

Count = Annotated[int, whole(0, 1_000_000)]
Item = Annotated[str, Chars(1, 400)]


class CommunityIn(Input):
    """Planned services for one community 社区; null: the plan does not state it."""

    name: Annotated[str, Chars(1, 200)]
    basic_items: Count | None = None
    items: Annotated[list[Item], Field(max_length=200)] | None = None
    further_capacity_items: Count | None = None
    large_activities: Count | None = None
    small_activities: Count | None = None
    further_governance_items: Count | None = None


class ServicePlanIn(Input):
    """A bid's service plan for one lot and one year."""

    people_or_families: Count | None = None
    by_case_work: Count | None = None
    communities: Annotated[list[CommunityIn], Field(max_length=500)] = Field(default_factory=list)


class EvaluatorIn(Input):
    """Facts about the supervising evaluator (监管评估机构); null: unknown."""

    organization: Annotated[Id, Field(alias="organizationId")]
    years_of_evaluating: Annotated[int, whole(0, 200)] | None = None
    qualified_team: Count | None = None
    related: Annotated[list[Id], Field(max_length=500)] | None = None


class MeasuredOut(Output):
    """One condition: decimals are strings; `where` names the communities that fall short or state nothing."""

    id: str
    outcome: Outcome
    article: str
    required: str | None
    observed: str | None
    margin: str | None
    where: list[str]

    @classmethod
    def of(cls, found: Measured) -> Self:
        """Build from the core's value."""
        numbers = {"required": found.required, "observed": found.observed, "margin": found.margin}
        written = {name: None if value is None else f"{value:f}" for name, value in numbers.items()}
        return cls(id=found.id, outcome=found.outcome, article=found.article, where=list(found.where), **written)


class Checked(Output):
    """Every condition."""

    requirements: list[MeasuredOut]

    @classmethod
    def of(cls, found: tuple[Measured, ...]) -> Self:
        """Build from the core's values."""
        return cls(requirements=[MeasuredOut.of(one) for one in found])


class MonitoringBodyPolicyName(Output):
    """The policy that was applied, by id, version and hash."""

    id: str
    version: str
    sha256: str


class EvaluatorChecked(Checked):
    """The evaluator's screening: every condition, the proposed verdict, the policy, the hash of the input."""

    verdict: Verdict
    policy: MonitoringBodyPolicyName
    input_hash: str

    @classmethod
    def screened(cls, found: MonitoringBodyScreened) -> Self:
        """From what the service found."""
        policy = MonitoringBodyPolicyName(id=found.policy.id, version=found.policy.version, sha256=found.policy.sha256)
        listed = Checked.of(found.requirements).requirements
        return cls(requirements=listed, verdict=found.verdict, policy=policy, input_hash=found.input_hash)
