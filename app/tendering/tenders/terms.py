"""The terms of a tender 招标文件: policy, lots, scheme and award rule, validated, and hashed at publication."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.core.facts.policy import Policy
from app.core.values.canonical import canonical_json, sha256_hex
from app.platform.problems import Fault, Invalid
from app.platform.web.validation import MOST, readable
from app.tendering.policies.loader import PolicyInvalid, policy_of, presets
from app.tendering.policies.plan import AwardPart, SchemePart
from app.tendering.policies.presets import preset_document
from app.tendering.tenders.schemas import LotIn, TenderIn
from app.tendering.tenders.tables import Lot, Tender

LARGEST = 1024 * 1024  # bytes of a policy document
_NO_LIMIT = AwardPart().model_dump(mode="json", by_alias=True)  # lot by lot in their order, without a limit


@dataclass(frozen=True, slots=True)
class Chosen:
    """A policy and its document as plain JSON values."""

    policy: Policy
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned lots, scoring scheme and award rule of a tender."""

    ceiling: Decimal
    lots: tuple[LotIn, ...]
    scheme: dict[str, Any]
    award: dict[str, Any]
    plan: dict[str, Any]


def choose(given: str | dict[str, Any]) -> Chosen:
    """Read a preset by its id, or a policy document. Errors: Invalid, with pointers below `/policy`."""
    if isinstance(given, str) and given not in presets():
        raise Invalid(faults=[Fault("unknown_policy", f"One of {', '.join(presets())} is expected", "/policy")])
    try:
        document = preset_document(given) if isinstance(given, str) else given
        policy = policy_of(document, "policy")
    except PolicyInvalid as refusal:
        faults = [Fault("policy_invalid", expected, readable("/policy" + at)) for at, expected in refusal.errors]
        raise Invalid(faults=faults[:MOST]) from None
    if len(canonical_json(document)) > LARGEST:
        raise Invalid(faults=[Fault("policy_too_large", "A policy of at most 1 MiB is expected", "/policy")])
    return Chosen(policy, document)


@lru_cache(maxsize=64)
def policy_by_text(canonical: bytes) -> Policy:
    """Return the policy of a stored document, cached because every screening of a tender needs it."""
    return policy_of(json.loads(canonical), "policy")


def plan(body: TenderIn, chosen: Chosen) -> Plan:
    """Return the plan in the request, with defaults from the policy's `tender` part."""
    own: dict[str, Any] = dict(chosen.policy.tender)
    _require_all(body, own)
    ceiling = body.ceiling if body.ceiling is not None else Decimal(own["ceiling"])
    lots = body.lots if body.lots is not None else [_lot_of(lot) for lot in own["lots"]]
    scheme = _scheme(body.scheme, own)
    award = own.get("award", _NO_LIMIT) if body.award is None else body.award.model_dump(mode="json", by_alias=True)
    if not award["lotOrder"] or (body.award is None and body.lots is not None):
        award = {**award, "lotOrder": [lot.key for lot in lots]}
    parts = _parts(body, own)
    check_lots(lots, award, ceiling, parts["fund"])
    return Plan(ceiling, tuple(lots), scheme, award, parts)


def _parts(body: TenderIn, own: dict[str, Any]) -> dict[str, Any]:
    """Return parties, fund and schedule (方案), None if absent; a preset's fund applies to the preset's lots only."""
    given = {"parties": body.parties, "fund": body.fund, "schedule": body.schedule}
    inherited = {**own, "fund": None if body.lots is not None else own.get("fund")}
    return {
        name: inherited.get(name) if part is None else part.model_dump(mode="json", by_alias=True)
        for name, part in given.items()
    }


def check_lots(lots: Sequence[LotIn], award: dict[str, Any], ceiling: Decimal, fund: dict[str, Any] | None) -> None:
    """Check unique lots, positive amounts, a sum within the fund, and an award rule about these lots only."""
    faults = [] if ceiling > 0 else [_positive("/ceiling")]
    keys: set[str] = set()
    for number, lot in enumerate(lots):
        if lot.key in keys:
            faults.append(Fault("duplicate_lot", "Each lot is expected once", f"/lots/{number}/key"))
        keys.add(lot.key)
        amounts = {"value": lot.value, "ceiling": lot.ceiling}
        faults += [_positive(f"/lots/{number}/{name}") for name, amount in amounts.items() if amount == 0]
    if not set(award["lotOrder"]) <= keys:
        faults.append(Fault("unknown_lot", "Keys of the tender's lots are expected", "/award/lotOrder"))
    if fund is not None and sum(lot.value for lot in lots) > Decimal(fund["lots"]):
        expected = "A sum of lot values within the fund for lots is expected"
        faults.append(Fault("over_fund", expected, "/lots"))
    if faults:
        raise Invalid(faults=faults[:MOST])


def lot_rows(tender_id: str, ceiling: Decimal, lots: Iterable[LotIn]) -> list[Lot]:
    """Return the lots as rows, in order; a lot without its own ceiling has the tender's."""
    return [
        Lot(
            tender_id=tender_id,
            position=position,
            key=lot.key,
            name=lot.name,
            district=lot.district,
            value=lot.value,
            ceiling=lot.ceiling if lot.ceiling is not None else ceiling,
        )
        for position, lot in enumerate(lots)
    ]


def terms_hash(tender: Tender, lots: Iterable[Lot]) -> str:
    """Return the SHA-256 of the canonical JSON of everything that publication freezes (实施条例 第三十四条)."""
    return sha256_hex(
        canonical_json(
            {
                "title": tender.title,
                "policy": tender.policy_sha256,
                "assurance": tender.assurance,
                "bidDeadline": tender.bid_deadline,
                "openingKey": tender.opening_key,
                "openingKeySha256": tender.opening_key_sha256,
                "ceiling": tender.ceiling,
                "scheme": tender.scheme,
                "award": tender.award,
                "plan": tender.plan,
                "lots": [[lot.key, lot.name, lot.district, lot.value, lot.ceiling] for lot in lots],
            }
        )
    )


def _require_all(body: TenderIn, own: dict[str, Any]) -> None:
    if own:
        return
    needed = {"/ceiling": body.ceiling, "/lots": body.lots, "/scheme": body.scheme}
    expected = "This is required where the policy has no `tender` part"
    faults = [Fault("missing", expected, pointer) for pointer, value in needed.items() if value is None]
    if faults:
        raise Invalid(faults=faults)


def _lot_of(lot: dict[str, Any]) -> LotIn:
    return LotIn.model_validate(
        {"key": lot["id"], "name": lot["name"], "district": lot["district"], "value": _amount(lot["value"])}
    )


def _amount(value: object) -> str:
    return f"{Decimal(str(value)):.2f}"


def _scheme(given: SchemePart | None, own: dict[str, Any]) -> dict[str, Any]:
    scheme: dict[str, Any] = own["scheme"] if given is None else given.model_dump(mode="json", by_alias=True)
    ids = [factor["id"] for factor in scheme["factors"]]
    if len(set(ids)) < len(ids):
        raise Invalid(faults=[Fault("duplicate_factor", "Each factor is expected once", "/scheme/factors")])
    return scheme


def _positive(pointer: str) -> Fault:
    return Fault("not_positive", "An amount above 0 is expected", pointer)
