"""A small world for testing the permission table: in each state of a tender, every object twice, one's own and
another's.
"""

import io
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Boolean, Date, Integer, Numeric, String, Text

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.service import create, revoke
from app.administration.users import passwords, sessions
from app.administration.users.cookies import cookie_name, csrf_token
from app.administration.users.tables import User, UserSession
from app.awarding.awards.tables import Award, AwardScenario
from app.awarding.committee.tables import Committee
from app.awarding.contracts.tables import Contract, ContractMilestone, LatenessProposal
from app.awarding.evaluation.tables import ScoreSheet, StoredRanking
from app.bidders.documents.tables import Document
from app.bidders.organizations.tables import Identity, Organization, Registration
from app.bidders.rosters.tables import RosterVersion
from app.core.credit.credit_record import ListEntry
from app.core.procedure.tender_state import LotState, TenderState
from app.core.values.canonical import canonical_json
from app.evidence.credit.tables import CreditJudgement, CreditSnapshot
from app.examination.clarifications.tables import Clarification
from app.examination.consortia.tables import Consortium, ConsortiumMember
from app.examination.integrity.tables import Flag
from app.examination.qualifications.tables import QualificationRow
from app.examination.reviews.tables import Review
from app.examination.screening.schemas import ScreeningIn
from app.examination.screening.service import create as screen
from app.examination.screening.tables import ScreeningRun
from app.platform.access.permissions import SCOPES
from app.platform.access.roles import Role
from app.platform.approvals.tables import Approval
from app.platform.database.data_keys import scope_of
from app.platform.database.identifiers import new_id
from app.platform.database.sealed import Sealed
from app.platform.database.sensitive import Sensitive
from app.platform.database.types import CanonicalJson, EncryptedJson, EncryptedText, Money, UtcDateTime
from app.platform.jobs.tables import Job
from app.platform.web.sender import SentFrom
from app.tendering.bids.tables import Bid
from app.tendering.deadlines.tables import RunningClock
from app.tendering.envelopes.tables import Envelope, Opening
from app.tendering.remedies.tables import Complaint, Question
from app.tendering.submissions.tables import SubmissionTrace
from app.tendering.tenders.schemas import TenderIn
from app.tendering.tenders.service import create as create_tender
from app.tendering.tenders.service import lots_of
from tests.conftest import PASSWORD
from tests.making.dossiers import dossier

NOW = datetime.now(UTC)
RANKING = {"ranking": {"lot": {"id": "x", "ceiling": "1"}, "scheme": {}, "bids": []}, "abnormallyLowShare": "0.8"}
AWARDS = {
    "rule": "sequential", "assignment": [], "unassigned": [], "totalScore": "0", "totalPrice": "0", "alternatives": [],
    "limitsExceeded": [], "ties": [],
}  # fmt: skip
RESULT = {"lot": "x", "status": "failed", "reason": "too_few_bidders", "benchmark": None, "rows": [], "excluded": []}

_PROPOSER = {"role": "officer", "organizationId": None, "lots": [], "scopes": [], "isLogin": True}
_ENTRY = json.loads(canonical_json(ListEntry("1", "某社")))


@dataclass
class Objects:
    """The objects of one organization (and its lot) in one tender, by the name of the path parameter."""

    ids: dict[str, str]

    def __getitem__(self, name):
        return self.ids[name]


@dataclass
class World:
    """Two organizations, two lots in a tender for each state, and people and programs of each role."""

    platform: object
    own: dict[TenderState, Objects] = field(default_factory=dict)
    other: dict[TenderState, Objects] = field(default_factory=dict)
    credentials: dict[tuple[Role, str], dict[str, str]] = field(default_factory=dict)
    broken: dict[str, dict[str, str]] = field(default_factory=dict)  # credentials that are no longer valid
    staged: dict[str, dict[str, str]] = field(default_factory=dict)  # people who are not fully logged in yet

    def client_key(self, scope):
        """Return the headers of a client key with one scope."""
        with self.platform.work() as work:
            return {"authorization": f"Bearer {create(work, scope, Binding(Role.CLIENT, scopes=[scope]))[1]}"}


def row(table, /, **given):
    """Return a row with default values for everything a test does not state."""
    for column in table.__mapper__.columns:
        name = table.__mapper__.get_property_by_column(column).key
        if isinstance(column.type, Sealed):
            given.setdefault(name.removesuffix("_sealed"), Sensitive("x") if name == "name_sealed" else {})
            continue
        if name in given or column.nullable or column.primary_key or name in ("created_at", "version"):
            continue
        given[name] = _dull(column.type) if column.default is None else None
        if given[name] is None:
            del given[name]
    return table(**given)


def _dull(kind):
    if isinstance(kind, CanonicalJson | EncryptedJson):
        return {}
    dull = {
        UtcDateTime: NOW, Date: date(2026, 5, 20), Boolean: False, Money: Decimal("1.00"), Numeric: Decimal(1),
        Integer: 1, EncryptedText: "x", Text: "{}",
    }  # fmt: skip
    for one, value in dull.items():
        if isinstance(kind, one):
            return value
    if isinstance(kind, String):
        return f"{random.getrandbits(256):064x}"[: min(kind.length or 64, 64)]
    return b"x"


def build(platform):
    """Build and commit the world."""
    world = World(platform)
    organizations = [new_id("org") for _ in range(2)]
    content = b"%PDF-1.4 a file"
    kept = [platform.files.put(io.BytesIO(content), scope=scope_of(one)).sha256 for one in organizations]
    with platform.work() as work:
        put = _putter(work)
        judged = screen(work, ScreeningIn.model_validate_json(json.dumps({"dossier": dossier(), "asOf": "2026-05-20"})))
        screening = {
            name: getattr(judged, name) for name in ("policy_id", "policy_sha256", "inputs", "result", "verdict")
        }
        snapshot = put(row(CreditSnapshot, list_name="court-dishonest", state="failed"))
        judgement = put(row(CreditJudgement, judgement="same", snapshot_id=snapshot, entry=_ENTRY))
        shared = {
            "snapshot_id": snapshot, "judgement_id": judgement, "policy_id": "suzhou-current", "name": "court-dishonest",
            "number": "1", "page": "1", "paper": "evaluation-report", "key_id": "", "user_id": "", "session_id": "",
        }  # fmt: skip
        parties = [_party(put, *party) for party in zip(organizations, kept, strict=True)]
        for state in TenderState:
            tender = create_tender(work, TenderIn.model_validate_json('{"policy": "suzhou-current"}'))
            tender.bid_deadline = NOW + timedelta(days=1 if state in (TenderState.DRAFT, TenderState.TENDERING) else -1)
            tender.state = state.value
            lots = list(lots_of(work, tender.id))[:2]
            for lot in lots_of(work, tender.id):
                lot.state = (LotState.PLANNED if state is TenderState.DRAFT else LotState.ACTIVE).value
            work.session.flush()
            put(row(Committee, tender_id=tender.id, members=[{"id": "m", "person": "m", "seat": "expert", "ties": []}]))
            closed = {"closed_at": NOW, "listed": [], "list_sha256": "0" * 64}
            early = state in (TenderState.DRAFT, TenderState.TENDERING)
            put(row(Opening, tender_id=tender.id, custodians=[], wraps=[], **({} if early else closed)))
            for place, party, lot in zip((world.own, world.other), parties, lots, strict=True):
                place[state] = Objects(
                    {**shared, **party, "lot_id": lot.id, **_in_tender(put, tender, lot, party, screening)}
                )
        _let_in(world, work)
    return world


def _putter(work):
    def put(one):
        work.session.add(one)
        work.session.flush()
        return getattr(one, "id", None)

    return put


def _party(put, organization, sha256):
    put(row(Organization, id=organization, name="机构", registration_version=1, roster_version=1))
    put(row(Identity, organization_id=organization, name="机构"))
    put(row(Registration, organization_id=organization, number=1, effective_on=None))
    put(row(RosterVersion, organization_id=organization, number=1, source="json", line_count=0, problems=[]))
    document = put(row(Document, organization_id=organization, sha256=sha256, size=15, reasons=[], state="extracted"))
    job = put(row(Job, kind="x", state="succeeded", organization_id=organization, principal_role="bidder"))
    return {"organization_id": organization, "document_id": document, "job_id": job}


def _in_tender(put, tender, lot, party, judged):
    organization = party["organization_id"]
    ours = {"tender_id": tender.id, "lot_id": lot.id, "organization_id": organization}
    seen = {"tender_id": tender.id, "organization_id": organization}
    screening = put(row(ScreeningRun, **seen, **judged, assurance="declared", score=Decimal(100)))
    bid = put(row(Bid, **ours, organization_name="机构", price=Decimal("1.00"), deduction="0", state="opened"))
    qualification = put(
        row(QualificationRow, **ours, bid_id=bid, screening_id=screening, proposal="eligible", state="pending")
    )
    sheet = put(row(ScoreSheet, tender_id=tender.id, lot_id=lot.id, member="m"))
    ranking = put(
        row(StoredRanking, tender_id=tender.id, lot_id=lot.id, input=RANKING, result={**RESULT, "warnings": []})
    )
    flag = put(
        row(Flag, tender_id=tender.id, state="open", strength="strong", lots=[lot.id], subjects=[organization],
            finding={"message": {"zh": "", "en": ""}, "innocent": {"zh": "", "en": ""}, "evidence": [], "identities": [],
                     "shared": None})
    )  # fmt: skip
    envelope = put(row(Envelope, **ours))
    question = put(row(Question, **ours))
    put(row(RunningClock, tender_id=tender.id, organization_id=organization, clock="answer", subject_id=question))
    complaint = put(row(Complaint, tender_id=tender.id, question_id=question))
    clarification = put(row(Clarification, **ours, bid_id=bid, about="low_price"))
    consortium = put(row(Consortium, tender_id=tender.id, lot_id=lot.id, lead_id=organization, members=[]))
    put(row(ConsortiumMember, tender_id=tender.id, consortium_id=consortium, organization_id=organization))
    trace = put(row(SubmissionTrace, tender_id=tender.id, organization_id=organization, source="program"))
    clock = put(
        row(RunningClock, tender_id=tender.id, organization_id=organization, clock="question", subject_id=question)
    )
    review = put(
        row(Review, tender_id=tender.id, organization_id=organization, screening_id=screening, requirements=[])
    )
    scenario = put(row(AwardScenario, tender_id=tender.id, rule="sequential", published=True, result=AWARDS))
    award = put(
        row(Award, **ours, scenario_id=scenario, ranking_id=ranking, bid_id=bid, price=Decimal("1.00"), state="active")
    )
    contract = put(row(Contract, **ours, award_id=award, state="pending", promise={"classes": [], "heads": 1}))
    milestone = put(row(ContractMilestone, contract_id=contract, milestone="team_formed"))
    proposal = put(
        row(LatenessProposal, contract_id=contract, milestone_id=milestone, organization_id=organization, state="open",
            consequence="reduce_or_terminate")
    )  # fmt: skip
    proposed = {"route": "publish_tender", "subject_id": tender.id, "changes": [], "proposer": _PROPOSER}
    approval = put(
        row(Approval, **proposed, act="publication", tender_id=tender.id, state="pending", proposed_by="usr_1",
            request={"method": "POST", "path": f"/api/v1/tenders/{tender.id}/publish", "ifMatch": None, "body": None,
                     "address": {"tender_id": tender.id}})
    )  # fmt: skip
    return {
        "approval_id": approval, "tender_id": tender.id, "screening_id": screening, "bid_id": bid, "qualification_id": qualification,
        "sheet_id": sheet, "ranking_id": ranking, "flag_id": flag, "envelope_id": envelope, "question_id": question,
        "complaint_id": complaint, "clarification_id": clarification, "consortium_id": consortium, "trace_id": trace, "clock_id": clock,
        "review_id": review, "scenario_id": scenario, "award_id": award, "contract_id": contract,
        "milestone_id": milestone, "proposal_id": proposal,
    }  # fmt: skip


def _let_in(world, work):
    """Create a key and a session for each role, and one of each kind that is no longer valid."""
    lots = [objects["lot_id"] for objects in world.own.values()]
    organization = world.own[TenderState.DRAFT]["organization_id"]
    for role in Role:
        bound = (organization if role is Role.BIDDER else None, lots if role is Role.EVALUATOR else ())
        key, secret = create(work, "k", Binding(role, *bound, sorted(SCOPES) if role is Role.CLIENT else ()))
        world.credentials[role, "key"] = {"authorization": f"Bearer {secret}"}
        if role is not Role.CLIENT:
            world.credentials[role, "session"] = _session(world, work, role, *bound)
    for place in (*world.own.values(), *world.other.values()):
        place.ids.update(key_id=key.id, user_id=work.session.query(User.id).first()[0])
    _session(world, work, Role.OFFICER)  # another user's
    theirs = work.session.query(UserSession.id).join(User, User.id == UserSession.user_id)
    officers = theirs.filter(User.role == Role.OFFICER.value).order_by(UserSession.id)
    for place, session in zip((world.own, world.other), officers, strict=True):
        for objects in place.values():
            objects.ids["session_id"] = session[0]
    _break(world, work)


def _session(world, work, role, organization=None, lots=(), **changed):
    user = User(
        login=new_id("name"), name="n", role=role.value, organization_id=organization, lots=list(lots),
        password_hash=passwords.hashed(PASSWORD), created_by="system", **changed,
    )  # fmt: skip
    work.session.add(user)
    work.session.flush()
    _, token = sessions.begin(work, user, SentFrom(None, None))
    return with_token(world, token)


def with_token(world, token):
    """Return the headers of a browser with that session."""
    cookie = f"{cookie_name(world.platform.settings)}={token}"
    return {"cookie": cookie, "x-csrf-token": csrf_token(world.platform.keyring, token)}


def _break(world, work):
    expired, secret = create(work, "expired", Binding(Role.OFFICER))
    expired.expires_at = NOW - timedelta(seconds=1)
    world.broken["expired key"] = {"authorization": f"Bearer {secret}"}
    ended, secret = create(work, "ended", Binding(Role.OFFICER))
    revoke(work, ended.id)
    world.broken["ended key"] = {"authorization": f"Bearer {secret}"}
    world.broken["wrong key"] = {"authorization": f"Bearer {secret[:-4]}AAAA"}
    world.broken["nothing"] = {}
    world.broken["disabled user"] = _session(world, work, Role.OFFICER, disabled_at=NOW)
    world.broken["old session"] = _aged(world, work, "expires_at", NOW - timedelta(seconds=1))
    world.broken["unused session"] = _aged(world, work, "last_seen_at", NOW - timedelta(hours=1))
    world.broken["password that waited too long"] = _session(world, work, Role.OFFICER, password_until=NOW)
    later = NOW + timedelta(hours=1)
    for role in (Role.OFFICER, Role.ADMIN):
        world.staged[f"{role} with a password that was given out"] = _session(world, work, role, password_until=later)


def _aged(world, work, column, when):
    headers = _session(world, work, Role.OFFICER)
    newest = work.session.query(UserSession).order_by(UserSession.id.desc()).first()
    setattr(newest, column, when)
    return headers
