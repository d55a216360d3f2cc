"""Declarations of what the audit trail binds: one per table, read by the writer of the trail and by its verifiers."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bound:
    """A table whose rows the trail binds.

    `chain`: the column with the tender's id, or a path over a foreign key (`flag_id>tender_id`); None: the instance's
    chain. `until_closed`: in a tender with sealed bids the opening's own chain, which is confidential until it closes.
    `beside`: columns that are not bound, each with the reason.
    """

    chain: str | None = "tender_id"
    until_closed: bool = False
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unbound:
    """A table whose rows the trail does not bind, and why."""

    reason: str
