"""A decided tender with a row in every table of decisions, and what somebody who writes to the database does to them.

The attacker can write everything but the checkpoints outside. Each attack is tried three times: as a plain change; with
the trail recomputed to fit it; and with the service's own copy of the checkpoints removed as well.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import delete, select

from app.administration.check.rules import broken
from app.awarding.committee.tables import Committee
from app.awarding.contracts.tables import Contract, ContractChange, ContractMilestone, LatenessProposal
from app.awarding.evaluation.tables import RankingSignature
from app.core.credit.credit_record import ListEntry
from app.core.values.canonical import canonical_json
from app.evidence.credit.tables import CreditJudgement, CreditSnapshot
from app.examination.clarifications.tables import Clarification
from app.examination.consortia.tables import Consortium, ConsortiumMember
from app.examination.credit_searches.tables import CreditQuery
from app.examination.dossiers.tables import AdmittedPart
from app.examination.integrity.tables import Disposition, Flag, FlagSubject
from app.examination.reviews.tables import Review
from app.platform.access.roles import SYSTEM
from app.platform.audit.chain import body_of
from app.platform.audit.export import export
from app.platform.audit.offline.hashing import GENESIS, event_hash
from app.platform.audit.offline.verification import verify as verify_export
from app.platform.audit.rows import bound_tables, rows_of
from app.platform.audit.tables import AuditCheckpoint, AuditDelivery, AuditEvent, AuditHead, AuditTold
from app.platform.audit.verify import verify
from app.platform.database.base import metadata
from app.tendering.deadlines.tables import CalendarYear, RunningClock
from app.tendering.notices.tables import Amendment, Notice
from app.tendering.remedies.tables import Complaint, Question
from tests.making.procedure import done
from tests.making.sealed import DEADLINE, Sealed

DAY, NOON = date(2026, 6, 1), datetime(2026, 6, 1, 4, tzinfo=UTC)
OPEN, UNDER_SEAL = "plain", "recomputed"


def everything(api):
    """A tender from envelopes to a contract, with a late envelope, and a row in every other table that decides."""
    tender = Sealed(api)
    tender.decided()
    late = tender.bidder("迟到机构")
    late.submit()
    with api.platform.work(SYSTEM) as work:
        _further(work.session, _ids(work.session, tender))
    done(tender.officer.get(tender.url))
    return tender


def _ids(session, tender):
    found = {"tender_id": tender.id, "lot_id": tender.lot}
    for table in ("bid", "organization", "screening", "ranking", "award", "award_scenario"):
        found[f"{table}_id"] = session.scalar(select(metadata.tables[table].c.id).limit(1))
    return found


def _further(session, ids):
    """Rows that this procedure has no occasion for, as their services would store them."""

    def of(kind, /, *names, **values):
        return kind(**{name: ids[name] for name in names}, **values)

    tender = of(Question, "tender_id", "organization_id", text="质疑评分", known_on=DAY, received_on=DAY)
    contract = of(
        Contract, "tender_id", "lot_id", "award_id", "organization_id", price=Decimal("950000"), promise={"staff": 8}
    )
    flag = of(Flag, "tender_id", lead_id="lead-1", code="same_phone", strength="fact", article="第七十四条",
              state="open", current=True, blocks=False, subjects=[], lots=[], evidence_hash="0" * 64,
              computed_at=NOON, finding={"phone": "same"})  # fmt: skip
    snapshot = CreditSnapshot(list_name="court-dishonest", state="ready", retrieved_on=DAY, sha256="0" * 64,
                              size=1, importer_version="1", content_sha256="0" * 64, rows=1)  # fmt: skip
    _add(session, tender, contract, flag, snapshot, of(Committee, "tender_id", number=7, members=[{"name": "甲"}],
                                                       recorded_by="usr_1"))  # fmt: skip
    milestone = ContractMilestone(contract_id=contract.id, milestone="team_formed", due_on=DAY)
    consortium = of(Consortium, "tender_id", "lot_id", lead_id=ids["organization_id"], members=[], agreement="协议")
    _add(session, milestone, consortium)
    people = {"tender_id", "lot_id", "bid_id", "organization_id"}
    _add(
        session,
        Complaint(question_id=tender.id, tender_id=ids["tender_id"], received_on=DAY),
        of(Amendment, "tender_id", number=9, text="更正", affects_bids=False, deadline_before=DEADLINE,
           deadline_after=DEADLINE, terms_sha256="0" * 64, published_by="usr_1"),
        of(Notice, "tender_id", kind="result", content={"lot": ids["lot_id"], "winner": "机构0"}),
        of(RunningClock, "tender_id", clock="question", subject_id="qua_1", started_on=DAY, due_on=DAY, ends_at=NOON,
           provisional=False),
        CalendarYear(year=2031, holidays=[], made_up=[], source="国办", recorded_by="usr_1"),
        of(Clarification, *people, about="low_price", question="说明", due_on=DAY, asked_by="usr_1", answer="可以"),
        ConsortiumMember(tender_id=ids["tender_id"], consortium_id=consortium.id, organization_id=ids["organization_id"]),
        of(Review, "tender_id", "organization_id", "screening_id", text="请复核", requirements=[], asked_on=DAY),
        FlagSubject(flag_id=flag.id, organization_id=ids["organization_id"]),
        Disposition(flag_id=flag.id, number=1, finding="dismissed", reason="无关", decided_by="usr_1",
                    evidence_hash="0" * 64, evidence=[]),
        of(AdmittedPart, "tender_id", "organization_id", part="doc_1", clarification_id="cla_1"),
        of(CreditQuery, "tender_id", as_of=DAY, query=[], answer=[{"status": "clear"}], principal_id="usr_1"),
        CreditJudgement(organization_key="k", entry_key="e", list_name="court-dishonest", snapshot_id=snapshot.id,
                        entry_id="1", entry=json.loads(canonical_json(ListEntry("1", "某社"))),
                        judgement="different", reason="不同机构", person="某某",
                        principal_id="usr_1"),
        of(RankingSignature, "ranking_id", member="expert-9", agrees=True, result_hash="0" * 64, recorded_by="usr_1"),
        ContractChange(contract_id=contract.id, before={}, after={"staff": 9}, district_approval="区",
                       city_approval="市", reason="增员", recorded_by="usr_1"),
        LatenessProposal(contract_id=contract.id, milestone_id=milestone.id, organization_id=ids["organization_id"],
                         consequence="points_off_and_bad_record", days_late=3, computed_on=DAY),
    )  # fmt: skip


def _add(session, *rows):
    session.add_all(rows)
    session.flush()


ATTACKS = {
    # prices
    "a bid's price": "UPDATE bid SET price = price - 5000",
    "the price of an award": "UPDATE award SET price = price + 5000 WHERE price > 0",
    "the price of a contract": "UPDATE contract SET price = price + 5000",
    "the price in the opening record": "UPDATE opening SET record = replace(record, '950000.00', '930000.00')",
    "the price as read from an envelope": "UPDATE envelope SET price_read = replace(price_read, 'stated', 'unreadable')",
    "a refused price correction confirmed": "UPDATE envelope SET price_confirmed = 1",
    "a lot's ceiling": "UPDATE lot SET ceiling = ceiling * 2",
    "a discount for small enterprises": "UPDATE bid SET deduction = '0.10'",
    "the quantity offered": "UPDATE bid SET offered = '99'",
    "a custodian's key said to be proved": "UPDATE opening_trial SET proved_at = '2026-05-19 00:00:00.000000'",
    # bids and envelopes
    "a bid declared invalid": "UPDATE bid SET state = 'invalid', ground = 'other', reason = '字迹不清'",
    "a bid given to another bidder": "UPDATE bid SET organization_name = '另一机构'",
    "a bid removed": "DELETE FROM clarification; UPDATE envelope SET bid_id = NULL; DELETE FROM qualification;"
    " UPDATE award SET bid_id = NULL, state = 'unsuccessful'; DELETE FROM bid",
    "a bid that nobody made": "INSERT INTO bid (id, tender_id, lot_id, organization_id, organization_name,"
    " price, deduction, state, recorded_by, created_at, version, warnings) SELECT 'bid_invented', tender_id, lot_id,"
    " organization_id, organization_name, 90000000, deduction, 'withdrawn', recorded_by, created_at, 1, warnings FROM bid LIMIT 1",
    "an envelope's time of arrival": "UPDATE envelope SET received_at = '2026-05-19 00:00:00.000000'",
    "an envelope exchanged": "UPDATE envelope SET sha256 = 'f' || substr(sha256, 2)",
    "an envelope's receipt": "UPDATE envelope SET receipt = 'f' || substr(receipt, 2)",
    "an envelope withdrawn": "UPDATE envelope SET state = 'withdrawn'",
    "a refusal removed": "DELETE FROM envelope_refusal",
    "the reason of a refusal": "UPDATE envelope_refusal SET code = 'envelope_malformed'",
    "the list of envelopes": "UPDATE opening SET listed = replace(listed, '\"failedLots\":[]', '\"failedLots\":[1]')",
    "the tender's public key": "UPDATE opening SET public_key = 'age1' || substr(public_key, 5, 40) || 'qqqqqqqqqqqqqqqqqq'",
    "how a bid came in": "UPDATE submission_trace SET trace = randomblob(64)",
    # examination
    "a screening's verdict": "UPDATE screening SET verdict = 'ineligible'",
    "a screening's score": "UPDATE screening SET score = 50",
    "a screening's result line": 'UPDATE screening SET result = \'{"verdict":"eligible"}\'',
    "the facts that a screening judged": "UPDATE screening SET inputs = randomblob(64)",
    "a screening removed": "DELETE FROM review; DELETE FROM qualification; DELETE FROM screening",
    "the policy that a screening applied": 'UPDATE screening_policy SET document = \'{"id":"other"}\'',
    "a qualification decision": "UPDATE qualification SET state = 'unsuccessful'",
    "the second person of an act": "UPDATE approval SET answered_by = 'usr_other'",
    "the officer who decided": "UPDATE qualification SET decided_by = 'usr_other'",
    "the reason of a decision": "UPDATE qualification SET reason = '另有理由'",
    "an answer to a clarification": "UPDATE clarification SET answer = '不可以'",
    "a review's outcome": "UPDATE review SET state = 'upheld', decided_by = 'usr_1', reason = '维持'",
    "a consortium's members": "UPDATE consortium SET members = '[\"org_other\"]'",
    "a member's consent": "UPDATE consortium_member SET consented_by = 'usr_other'",
    "a lead": "UPDATE flag SET strength = 'weak', state = 'dismissed'",
    "whom a lead concerns": "DELETE FROM flag_subject",
    "the disposition of a lead": "UPDATE flag_disposition SET finding = 'confirmed'",
    "a credit search's answer": 'UPDATE credit_query SET answer = \'[{"status":"hit"}]\'',
    "a judgement on a credit entry": "UPDATE credit_judgement SET judgement = 'same'",
    "a late document admitted": "UPDATE admitted_part SET part = 'doc_other'",
    # evaluation
    "a score sheet": "UPDATE score_sheet SET scores = replace(scores, '60.00', '10.00')",
    "the member of a score sheet": "UPDATE score_sheet SET member = 'expert-2'",
    "a sheet replaced without a ground": "UPDATE score_sheet SET replaced_by = 'ssh_other'",
    "a ranking": "UPDATE ranking SET result = replace(result, '\"rank\":1', '\"rank\":9')",
    "a ranking with its hash": "UPDATE ranking SET result = '{}',"
    " result_hash = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'",
    "a ranking's input": "UPDATE ranking SET input = '{}'",
    "a signature": "UPDATE ranking_signature SET agrees = 0, dissent = '不同意'",
    "a signature removed": "DELETE FROM ranking_signature",
    "the committee": "UPDATE committee SET members = randomblob(64)",
    # award, contract, remedies
    "the scenario of an award": "UPDATE award_scenario SET result = '{}'",
    "the winner": "UPDATE award SET organization_id = (SELECT max(id) FROM organization)",
    "an award declared unsuccessful": "UPDATE award SET state = 'unsuccessful', reason = '废标'",
    "an award removed": "DELETE FROM contract_change; DELETE FROM lateness_proposal; DELETE FROM contract_milestone;"
    " DELETE FROM contract; DELETE FROM award",
    "a contract's promise": "UPDATE contract SET promise = '{\"staff\":1}'",
    "a milestone reached": "UPDATE contract_milestone SET reached_on = '2026-06-01'",
    "a contract change": "UPDATE contract_change SET after = '{\"staff\":1}'",
    "a consequence of lateness": "UPDATE lateness_proposal SET state = 'dismissed', decided_by = 'usr_1'",
    "a question's answer": "UPDATE question SET answer = '驳回'",
    "a complaint's decision": "UPDATE complaint SET decision = '驳回'",
    # the tender
    "the frozen terms": "UPDATE tender SET scheme = replace(scheme, '\"10\"', '\"30\"')",
    "the deadline": "UPDATE tender SET bid_deadline = '2026-06-20 01:30:00.000000'",
    "the award rule": "UPDATE tender SET award = replace(award, 'sequential', 'independent')",
    "an amendment": "UPDATE amendment SET text = '另一更正'",
    "a published notice": "UPDATE notice SET content = '{}'",
    "a period": "UPDATE running_clock SET due_on = '2030-01-01'",
    "the holidays of a year": "UPDATE calendar_year SET holidays = '[\"2031-01-02\"]'",
    "a bidder's name": "UPDATE organization SET name = '另一机构'",
    "a credit snapshot": "UPDATE credit_snapshot SET content_sha256 = 'f'",
    "a participant of the tender": "INSERT INTO tender_participant SELECT tender_id, 'org_invented' FROM bid LIMIT 1",
}


@dataclass(frozen=True)
class Found:
    """Which verifiers found an attack: `check`, `trail` (audit verify), `offline` (with the sink)."""

    attack: str
    tables: frozenset[str]
    plain: frozenset[str]
    recomputed: frozenset[str]
    removed: frozenset[str]


class Verifiers:
    """The three verifiers over one session, so that an attack can be rolled back."""

    def __init__(self, platform, sink):
        self.keys = {platform.signer.key_id: platform.signer.public}
        self.signer, self.sink = platform.signer, sink

    def __call__(self, session):
        session.expire_all()
        found = set()
        if any(ids for _, ids in broken(session, keys=self.keys)):
            found.add("check")
        if verify(session, keys=self.keys).breaks:
            found.add("trail")
        if not self.offline(session).intact:
            found.add("offline")
        return frozenset(found)

    def offline(self, session):
        return verify_export(export(session, self.signer), self.keys, sorted(self.sink.lines.items()))


def attacked(platform, sink, name):
    """Try one attack three times, each rolled back."""
    verifiers = Verifiers(platform, sink)
    with platform.work() as work:
        session = work.session
        before = _hashes(session)
        for statement in ATTACKS[name].split("; "):
            session.connection().exec_driver_sql(statement)
        after = _hashes(session)
        tables = frozenset(table for table, _ in dict(before.items() ^ after.items()))
        plain = verifiers(session)
        recompute(session)
        assert verify(session).breaks == (), "the attacker recomputes the trail as the service would"
        recomputed = verifiers(session)
        for kind in (AuditCheckpoint, AuditDelivery, AuditTold):
            session.execute(delete(kind))
        removed = verifiers(session)
        session.rollback()
    return Found(name, tables, plain, recomputed, removed)


def _hashes(session):
    return {(row.table, row.id): row.sha256 for table in bound_tables() for row in rows_of(session, table)}


def recompute(session):
    """Make events and heads fit the rows, as somebody would who knows the format and has no key."""
    session.expire_all()
    rows = {(row.table, row.id): row for table in bound_tables() for row in rows_of(session, table)}
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.chain, AuditEvent.sequence)).all()
    newest = {(table, one): event for event in events for table, one, _ in event.rows}
    last = {event.chain: event for event in events}
    for place, event in newest.items():
        now = rows.pop(place, None)
        kept = [one for one in event.rows if (one[0], one[1]) != place]
        event.rows = [*kept, [*place, now.sha256 if now else None]]
    for place, row in rows.items():
        last[row.chain].rows = [*last[row.chain].rows, [*place, row.sha256]]
    _rechain(session, events)


def _rechain(session, events: Iterable[AuditEvent]):
    heads = {head.chain: head for head in session.scalars(select(AuditHead))}
    before = {}
    for event in events:
        event.previous_hash = before.get(event.chain, GENESIS)
        before[event.chain] = event.hash = event_hash(body_of(event))
        heads[event.chain].hash = event.hash
    session.flush()
