"""Bids submitted from one network address (财政部令第87号 第三十七条第（二）项). An address may be shared by a whole building."""

import ipaddress
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from app.core.integrity.facts import Bidder, Submission
from app.core.integrity.guards import Guards
from app.core.integrity.leads import Pointer, Seen, Strength, organizations, seen


def shared_network(bidders: Sequence[Bidder], guards: Guards) -> Iterator[Seen]:
    """Compute leads: strong where the client is the same too, or the bids came within minutes of each other; else weak."""
    groups: dict[str, list[tuple[Bidder, Submission]]] = {}
    for bidder in bidders:
        for one in bidder.submissions:
            if address := network_key(one.network_address):
                groups.setdefault(address, []).append((bidder, one))
    for address, own in sorted(groups.items()):
        evidence = [Pointer(bidder.id, "submission", lot=one.lot, shown=address) for bidder, one in own]
        if organizations(evidence) > 1:
            is_close = organizations(evidence) <= guards.common and _is_close(own, guards)
            strength = Strength.STRONG if is_close else Strength.WEAK
            yield seen("same_network_address", strength, f"network:{address}", evidence, shown=address)


def network_key(text: str | None) -> str:
    """Normalise a public address; "" for private, local and carrier-shared ones, which identify no bidder, and for invalid
    text.
    """
    try:
        address = ipaddress.ip_address((text or "").strip())
    except ValueError:
        return ""
    return str(address) if address.is_global else ""


def _is_close(own: Sequence[tuple[Bidder, Submission]], guards: Guards) -> bool:
    clients: dict[str, set[str]] = {}
    times = []
    for bidder, one in own:
        if one.client:
            clients.setdefault(one.client, set()).add(bidder.id)
        if one.at is not None:
            times.append((one.at, bidder.id))
    if any(len(bidders) > 1 for bidders in clients.values()):
        return True
    times.sort()
    near = timedelta(minutes=guards.submission_minutes)
    return any(other != bidder and later - at <= near for (at, bidder), (later, other) in pairwise(times))
