"""Snapshots of credit lists, and their facts about an organization on the cut-off day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from app.core.credit.credit_record import CreditFacts, ListEntry, Match, is_usable
from app.core.facts.dossier import Organization
from app.core.facts.policy import Policy
from app.evidence.credit.consulted import Consulted, ListConsulted, Searchable
from app.evidence.credit.holding import opened
from app.evidence.credit.index.manifest import VERSION, Manifest
from app.evidence.credit.index.on_disk import MappedSnapshot, Search
from app.evidence.credit.judgements import Judged, Judgements, judgements_in_force
from app.evidence.credit.lists.mapping import STANDARD, ColumnMapping
from app.evidence.credit.rows import lost_rows
from app.evidence.credit.tables import CreditSnapshot
from app.platform.audit.events import Event
from app.platform.problems import Fault, Invalid
from app.platform.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class JudgedSnapshot:
    """A snapshot open for a search, with the judgements on its entries."""

    list_name: str
    snapshot: MappedSnapshot
    judgements: Judgements
    lost_rows: int = 0

    def matches(self, organization: Organization, threshold: int) -> tuple[Match, ...]:
        """Return every entry that relates to an organization, with the reviewer's judgement where there is one."""
        found = self.snapshot.matches(organization, threshold)
        return tuple(self.judgements.applied(organization, self.list_name, match) for match in found)

    def search(self, organization: Organization, threshold: int) -> Search:
        """Search the snapshot for an organization; results are explained."""
        return self.snapshot.search(organization, threshold)

    def judged(self, organization: Organization, entry: ListEntry) -> Judged | None:
        """Return the judgement in force on an organization and an entry."""
        return self.judgements.on(organization, self.list_name, entry)


def credit_facts(
    work: UnitOfWork,
    organization: Organization,
    policy: Policy,
    as_of: date,
    *,
    snapshots: Mapping[str, str] | None = None,
    judged_until: datetime | None = None,
) -> CreditFacts:
    """Return the facts of a policy's lists about one organization; see `consulted`."""
    judgements = judgements_in_force(work, organization=organization, until=judged_until)
    return _consulted(work, policy, as_of, judgements, snapshots).facts(organization)


def consulted(
    work: UnitOfWork,
    policy: Policy,
    as_of: date,
    *,
    snapshots: Mapping[str, str] | None = None,
    judged_until: datetime | None = None,
) -> Consulted:
    """Return the newest usable snapshot of each list of a policy on its cut-off day (default: the as-of day), else its
    newest.

    A replay names the snapshots (list → id) and the time up to which judgements are considered.
    """
    return _consulted(work, policy, as_of, judgements_in_force(work, until=judged_until), snapshots)


def _consulted(
    work: UnitOfWork, policy: Policy, as_of: date, judgements: Judgements, snapshots: Mapping[str, str] | None
) -> Consulted:
    rules = policy.credit
    cut_off = rules.cut_off or as_of
    lists: dict[str, ListConsulted[Searchable]] = {}
    for rule in rules.lists:
        if snapshots is None:
            row = newest(work, rule.name, cut_off)
            if row is None or not is_usable(row.retrieved_on, cut_off, rules.max_age_days):
                row = newest(work, rule.name)  # its content is no evidence, but its retrieval day is the reason
        else:
            row = work.get(CreditSnapshot, snapshots[rule.name]) if rule.name in snapshots else None
        if row is not None:
            lists[rule.name] = consulted_list(work, row, judgements)
    return Consulted.of(rules, lists)


def consulted_list(work: UnitOfWork, row: CreditSnapshot, judgements: Judgements) -> ListConsulted[JudgedSnapshot]:
    """Open a snapshot for consultation."""
    index = JudgedSnapshot(row.list_name, opened(work, row), judgements)
    return ListConsulted(row.list_name, row.id, row.retrieved_on, index, lost_rows(row), False, row.sha256, row.rows)


def newest(work: UnitOfWork, list_name: str, cut_off: date | None = None) -> CreditSnapshot | None:
    """Return the newest ready snapshot of a list, retrieved on or before a day."""
    query = select(CreditSnapshot).where(CreditSnapshot.list_name == list_name, CreditSnapshot.state == "ready")
    if cut_off is not None:
        query = query.where(CreditSnapshot.retrieved_on <= cut_off)
    order = CreditSnapshot.retrieved_on.desc(), CreditSnapshot.created_at.desc(), CreditSnapshot.id.desc()
    return work.session.scalar(query.order_by(*order).limit(1))


def imported_lists(work: UnitOfWork) -> list[str]:
    """Return the names of the lists that have a ready snapshot."""
    query = select(CreditSnapshot.list_name).where(CreditSnapshot.state == "ready").distinct()
    return sorted(work.session.scalars(query))


def snapshots_of(list_name: str) -> Select[CreditSnapshot]:
    """Return all snapshots of a list, including failed ones."""
    return select(CreditSnapshot).where(CreditSnapshot.list_name == list_name)


@dataclass(frozen=True, slots=True)
class ListOrigin:
    """The origin of a list: retrieval day, publisher, coverage, mapping."""

    list_name: str
    retrieved_on: date
    source: str | None = None
    coverage: str | None = None
    mapping: ColumnMapping = STANDARD
    allow_empty: bool = False  # an officer states that the list has no entry


def begin(work: UnitOfWork, origin: ListOrigin, sha256: str, size: int) -> CreditSnapshot:
    """Record a snapshot whose import is running. Until it is ready the previous snapshot stays in force."""
    row = CreditSnapshot(
        list_name=origin.list_name,
        state="importing",
        retrieved_on=origin.retrieved_on,
        source=origin.source,
        coverage=origin.coverage,
        mapping=None if origin.mapping == STANDARD else origin.mapping,
        sha256=sha256,
        size=size,
        importer_version=VERSION,
    )
    work.session.add(row)
    work.session.flush()
    return row


def complete(work: UnitOfWork, row: CreditSnapshot, manifest: Manifest) -> CreditSnapshot:
    """Complete an import: from now on the snapshot counts."""
    row.state = "ready"
    row.content_sha256 = manifest.content_sha256
    row.rows, row.bad_rows, row.unread_rows = manifest.rows, manifest.bad_rows, manifest.unread_rows
    after = {"list": row.list_name, "retrievedOn": row.retrieved_on, "sha256": row.sha256, "rows": row.rows}
    work.record(Event.CLIENT_CREDIT_IMPORT, subject=row.id, after=after)
    return row


def fail(work: UnitOfWork, row: CreditSnapshot, reason: str) -> CreditSnapshot:
    """Record a failed import; the previous snapshot stays in force."""
    row.state, row.fault = "failed", reason[:2000]
    work.record(Event.CLIENT_CREDIT_IMPORT_FAIL, subject=row.id, after={"list": row.list_name, "reason": row.fault})
    return row


def same_in_force(work: UnitOfWork, origin: ListOrigin, content_sha256: str) -> CreditSnapshot | None:
    """Return the snapshot in force if it has the same day and content: importing the file again would add nothing.

    One that another import has superseded is imported again, so that it is in force again.
    """
    last = newest(work, origin.list_name)
    same = last is not None and last.content_sha256 == content_sha256 and last.retrieved_on == origin.retrieved_on
    return last if same else None


def require_past(day: date, today: date) -> None:
    """Refuse a retrieval day in the future."""
    if day > today:
        raise Invalid(faults=[Fault("retrieved_at", "a day up to today", "/retrievedAt")])
