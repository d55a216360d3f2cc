"""Judgements 认定: a reviewer decides whether an organization is the one an entry names; kept across snapshots."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select

from app.core.credit.credit_record import Judgement, ListEntry, Match
from app.core.facts.dossier import Organization
from app.core.values.canonical import canonical_json, sha256_hex
from app.core.values.identity import normalised_code, normalised_name, parse_uscc
from app.evidence.credit.tables import CreditJudgement, CreditSnapshot
from app.platform.audit.events import Event
from app.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement in force on a pair."""

    id: str
    judgement: Judgement


class Judgements:
    """The judgements in force, by organization and entry."""

    def __init__(self, judged: Mapping[tuple[str, str], Judged]) -> None:
        self._judged = judged

    def on(self, organization: Organization, list_name: str, entry: ListEntry) -> Judged | None:
        """Return the judgement in force on an organization and an entry of a list."""
        if not self._judged:
            return None
        return self._judged.get((organization_key(organization), entry_key(list_name, entry)))

    def applied(self, organization: Organization, list_name: str, match: Match) -> Match:
        """Return the match with the judgement on it."""
        judged = self.on(organization, list_name, match.entry)
        return replace(match, judgement=judged.judgement, judgement_id=judged.id) if judged else match


def organization_key(organization: Organization) -> str:
    """Identify an organization: by its valid code, else by its name. A judgement on a name without code applies to that
    name.
    """
    if parse_uscc(organization.code):
        return f"code:{normalised_code(organization.code)}"
    return f"name:{normalised_name(organization.name)[:200]}"


def entry_key(list_name: str, entry: ListEntry) -> str:
    """Identify an entry by its content, across lines and snapshots: list, name, code, document, first day."""
    content = [list_name, normalised_name(entry.name), normalised_code(entry.code), entry.document, entry.first]
    return sha256_hex(canonical_json(content))


def judgements_in_force(
    work: UnitOfWork, *, organization: Organization | None = None, until: datetime | None = None
) -> Judgements:
    """Return the newest judgement on each pair, of one organization or of all; `until` ignores later ones."""
    query = select(CreditJudgement).order_by(CreditJudgement.created_at, CreditJudgement.id)
    if organization is not None:
        query = query.where(CreditJudgement.organization_key == organization_key(organization))
    if until is not None:
        query = query.where(CreditJudgement.created_at <= until)
    return Judgements(
        {
            (row.organization_key, row.entry_key): Judged(row.id, Judgement(row.judgement))
            for row in work.session.scalars(query)
        }
    )


@dataclass(frozen=True, slots=True)
class NewJudgement:
    """A reviewer's judgement."""

    organization: Organization
    judgement: Judgement
    reason: str
    person: str


def judge(work: UnitOfWork, snapshot: CreditSnapshot, entry: ListEntry, new: NewJudgement) -> CreditJudgement:
    """Record a judgement; an earlier one on the same pair stays on record but is no longer in force."""
    keys = organization_key(new.organization), entry_key(snapshot.list_name, entry)
    before = work.session.scalar(
        _of_pair(*keys).order_by(CreditJudgement.created_at.desc(), CreditJudgement.id.desc()).limit(1)
    )
    row = CreditJudgement(
        organization_key=keys[0],
        organization_name=new.organization.name,
        organization_code=new.organization.code,
        entry_key=keys[1],
        list_name=snapshot.list_name,
        snapshot_id=snapshot.id,
        entry_id=entry.id,
        entry=json.loads(canonical_json(entry)),
        judgement=new.judgement.value,
        reason=new.reason,
        person=new.person,
        principal_id=work.principal.id,
        supersedes_id=before.id if before else None,
    )
    work.session.add(row)
    work.session.flush()
    earlier = {"judgement": before.judgement, "id": before.id} if before else None
    work.record(Event.OFFICER_CREDIT_JUDGE, subject=row.id, before=earlier, after={"judgement": row.judgement})
    return row


def _of_pair(organization: str, entry: str) -> Select[CreditJudgement]:
    return select(CreditJudgement).where(
        CreditJudgement.organization_key == organization, CreditJudgement.entry_key == entry
    )
