"""Which routes carry out an act that needs two persons (app/core/procedure/second_person.py), and with which body."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.procedure.second_person import Act


@dataclass(frozen=True, slots=True)
class ActRoute:
    """The act of a route. With `member`, only for bodies whose member has one of `values`, or any where there are none."""

    act: Act
    member: str | None = None
    values: frozenset[str] = frozenset()

    def covers(self, body: Any) -> bool:
        """Whether a parsed body asks for the act."""
        if self.member is None:
            return True
        given = body.get(self.member) if isinstance(body, Mapping) else None
        return given in self.values if self.values and isinstance(given, str) else given is not None and not self.values


ACT_ROUTES: Mapping[str, ActRoute] = {
    "publish_tender": ActRoute(Act.PUBLICATION),
    "put_opening_key": ActRoute(Act.CEREMONY),
    "open_bids": ActRoute(Act.OPENING),
    "change_bid": ActRoute(Act.BID_CHANGE),
    "form_committee": ActRoute(Act.COMMITTEE),
    "record_score_sheet": ActRoute(Act.SCORE_CHANGE, "ground"),
    "decide_awards": ActRoute(Act.AWARD),
    "cancel_award": ActRoute(Act.AWARD),
    "cancel_tender": ActRoute(Act.CANCELLATION),
    "move_tender": ActRoute(Act.CANCELLATION, "to", frozenset({"unsuccessful", "cancelled"})),
    "reset_user": ActRoute(Act.LOGIN_RESET),
}


def act_of(route: str, body: Any) -> Act | None:
    """Return the act that a request carries out, or None."""
    found = ACT_ROUTES.get(route)
    return found.act if found is not None and found.covers(body) else None
