"""The permission table: which roles may call which route. A route that is not listed answers 403 to everyone."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from app.core.procedure.tender_state import TenderState
from app.platform.access.roles import Principal, Role, Stage
from app.platform.problems import Forbidden

OFFICER, EVALUATOR, BIDDER, AUDITOR, CLIENT, ADMIN = Role
STAFF = {OFFICER, CLIENT}  # those who run tenders: officers and their API clients
READERS = {OFFICER, CLIENT, AUDITOR}
EVERYONE = set(Role)
PERSONS = EVERYONE - {CLIENT}

DRAFT, TENDERING, QUALIFICATION, EVALUATION, AWARDED, COMPLETE, UNSUCCESSFUL, CANCELLED = TenderState
RUNNING = {TENDERING, QUALIFICATION, EVALUATION, AWARDED}
EXAMINED = {QUALIFICATION, EVALUATION}
DECIDED = {EVALUATION, AWARDED}
OPENED = {QUALIFICATION, EVALUATION, AWARDED, COMPLETE}  # states in which integrity leads are computed

PUBLIC = frozenset({"health", "is_alive", "is_ready", "log_in"})  # no credential needed; nor for the OpenAPI document


class ScopeMissing(Forbidden):
    """The API key lacks the scope that this route requires."""

    code, title = "scope_missing", "API key lacks the required scope"


class ProgramsPropose(Forbidden):
    """A program (client key) proposes; officers decide and change what was opened."""

    code, title = "programs_propose", "A program cannot decide or change an opened bid; an officer does"


class PasswordChangeNeeded(Forbidden):
    """The account still has its initial password; the owner must change it first."""

    code, title = "password_change_needed", "Password change required"


class SecondFactorObligatory(Forbidden):
    """The instance requires a second factor for this role (`BIDSCREEN_TOTP_REQUIRED`); until then only enrolment is allowed."""

    code, title = "second_factor_obligatory", "Second factor enrolment required"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a route, on which objects, and in which states.

    `scope`: the scope that a client key needs. `own`: roles that see only their own objects (a bidder's
    organization, an evaluator's lots); everything else answers them 404 and appears in none of their lists. `states`: the
    tender states in which the route can succeed; None: all. `person`: a logged-in session is required, keys are refused.
    `stages`: the login stages in which the route is allowed. `decides`: an officer decides here; a program is refused with
    a code that says so.
    """

    roles: frozenset[Role]
    scope: str | None = None
    own: frozenset[Role] = frozenset()
    states: frozenset[TenderState] | None = None
    person: bool = False
    stages: frozenset[Stage] = frozenset({Stage.FULL})
    decides: bool = False


def may(
    roles: Set[Role], scope: str | None = None, *, own: Set[Role] = frozenset(), states: Set[TenderState] | None = None
) -> Rule:
    """Return a rule for these roles, with an API key or a session."""
    return Rule(frozenset(roles), scope, frozenset(own), None if states is None else frozenset(states))


def oneself(*stages: Stage) -> Rule:
    """Return a rule for any logged-in person's own account, fully logged in or in one of these stages."""
    return Rule(frozenset(PERSONS), person=True, stages=frozenset({Stage.FULL, *stages}))


def officer_decides(states: Set[TenderState] | None = None) -> Rule:
    """Return a rule for a decision of an officer; a program's key gets ProgramsPropose."""
    return Rule(frozenset({OFFICER}), states=None if states is None else frozenset(states), decides=True)


def bidder_in_person(states: Set[TenderState] | None = None) -> Rule:
    """Return a rule for a bidder's login, not its API keys; own objects only."""
    allowed = None if states is None else frozenset(states)
    return Rule(frozenset({BIDDER}), person=True, own=frozenset({BIDDER}), states=allowed)


PERMISSIONS: dict[str, Rule] = {
    # the caller's own account and sessions; others' are never found
    "read_account": oneself(Stage.PASSWORD, Stage.ENROL),
    "change_own_password": oneself(Stage.PASSWORD, Stage.ENROL),
    "begin_second_factor": oneself(Stage.ENROL),
    "confirm_second_factor": oneself(Stage.ENROL),
    "remove_second_factor": oneself(),
    "list_own_sessions": oneself(Stage.PASSWORD, Stage.ENROL),
    "log_out": oneself(Stage.PASSWORD, Stage.ENROL),
    "end_own_session": oneself(Stage.PASSWORD, Stage.ENROL),
    # users
    "create_user": may({ADMIN}),
    "list_users": may({ADMIN}),
    "read_user": may({ADMIN}),
    "change_user": may({ADMIN}),
    "reset_user": may({ADMIN}),
    # access
    "create_api_key": may({ADMIN}),
    "list_api_keys": may({ADMIN}),
    "revoke_api_key": may({ADMIN}),
    # a bidder's own API keys, made in a login: admins cannot act as a bidder
    "create_own_api_key": bidder_in_person(),
    "list_own_api_keys": bidder_in_person(),
    "revoke_own_api_key": bidder_in_person(),
    "read_metrics": may({ADMIN, AUDITOR, CLIENT}, "metrics:read"),
    "list_labels": may(EVERYONE, "tenders:read"),
    # audit
    "list_audit_events": may({AUDITOR, ADMIN}),
    "verify_audit": may({AUDITOR, ADMIN}),
    "list_checkpoints": may({AUDITOR, ADMIN}),
    "list_audit_sinks": may({AUDITOR, ADMIN}),
    # jobs: a bidder sees its own organization's only
    "list_jobs": may(EVERYONE - {EVALUATOR}, "jobs:read", own={BIDDER}),
    "read_job": may(EVERYONE - {EVALUATOR}, "jobs:read", own={BIDDER}),
    "stream_job": may(EVERYONE - {EVALUATOR}, "jobs:read", own={BIDDER}),
    "retry_job": may({OFFICER, CLIENT, ADMIN}, "jobs:write"),
    "cancel_job": may({OFFICER, CLIENT, ADMIN}, "jobs:write"),
    # acts that need two persons: a login agrees, never a key
    "list_approvals": may(EVERYONE - {BIDDER}, "procedure:read"),
    "read_approval": may(EVERYONE - {BIDDER}, "procedure:read"),
    "agree_approval": Rule(frozenset({OFFICER, AUDITOR, ADMIN}), person=True),
    "decline_approval": Rule(frozenset({OFFICER, AUDITOR, ADMIN}), person=True),
    "withdraw_approval": may({OFFICER, CLIENT, EVALUATOR, ADMIN}, "tenders:write"),
    # tenders: a draft is visible only to those who prepare it
    "create_tender": may(STAFF, "tenders:write"),
    "list_tenders": may(EVERYONE - {ADMIN}, "tenders:read"),
    "read_tender": may(EVERYONE - {ADMIN}, "tenders:read"),
    "change_tender": may(STAFF, "tenders:write", states={DRAFT}),
    "list_lots": may(EVERYONE - {ADMIN}, "tenders:read"),
    "put_lots": may(STAFF, "tenders:write", states={DRAFT}),
    "read_tender_policy": may(EVERYONE - {ADMIN}, "tenders:read"),
    "put_tender_policy": may(STAFF, "tenders:write", states={DRAFT}),
    "publish_tender": officer_decides({DRAFT}),
    "move_tender": officer_decides(RUNNING),
    "advance_practice_clock": may(STAFF, "tenders:write"),
    "cancel_tender": officer_decides(RUNNING | {DRAFT}),
    # credit lists: judgements are made by a person, never by a client key
    "list_credit_lists": may(READERS, "credit:read"),
    "create_credit_snapshot": may(STAFF, "credit:write"),
    "list_credit_snapshots": may(READERS, "credit:read"),
    "read_credit_snapshot": may(READERS, "credit:read"),
    "list_bad_rows": may(READERS, "credit:read"),
    "accept_bad_rows": may({OFFICER}),
    "withdraw_credit_snapshot": may({OFFICER}),
    "match_credit": may(READERS, "credit:read"),
    "list_credit_queries": may(READERS, "credit:read"),
    "create_judgement": officer_decides(),
    "list_judgements": may(READERS, "credit:read"),
    "read_judgement": may(READERS, "credit:read"),
    # screenings: a bidder reads its own, with the reasons (PIPL art. 24)
    "create_screening": may(STAFF, "screenings:write"),
    "create_screening_batch": may(STAFF, "screenings:write"),
    "list_screenings": may(READERS | {BIDDER}, "screenings:read", own={BIDDER}),
    "read_screening": may(READERS | {BIDDER}, "screenings:read", own={BIDDER}),
    "explain_screening": may(READERS | {BIDDER}, "screenings:read", own={BIDDER}),
    "replay_screening": may(READERS, "screenings:read"),
    "read_matrix": may(READERS, "screenings:read"),
    "read_dossier_at_deadline": may(READERS | {BIDDER}, "screenings:read", own={BIDDER}),
    "ask_what_if": may(STAFF, "screenings:read"),
    # manual reviews: a bidder requests one for its own screening, officers decide
    "ask_review": may({BIDDER}, own={BIDDER}),
    "list_reviews": may(READERS | {BIDDER}, "screenings:read", own={BIDDER}),
    "read_review": may(READERS | {BIDDER}, "screenings:read", own={BIDDER}),
    "take_up_review": may({OFFICER}),
    "decide_review": may({OFFICER}),
    "withdraw_review": may({BIDDER}, own={BIDDER}),
    # bids and qualifications: a bidder sees its own
    "record_bid": officer_decides({QUALIFICATION}),
    "list_bids": may(READERS | {EVALUATOR, BIDDER}, "bids:read", own={BIDDER, EVALUATOR}),
    "read_bid": may(READERS | {EVALUATOR, BIDDER}, "bids:read", own={BIDDER, EVALUATOR}),
    "change_bid": officer_decides(EXAMINED),
    "create_qualification": officer_decides(EXAMINED),
    "list_qualifications": may(READERS | {EVALUATOR, BIDDER}, "bids:read", own={BIDDER, EVALUATOR}),
    "read_qualification": may(READERS | {EVALUATOR, BIDDER}, "bids:read", own={BIDDER, EVALUATOR}),
    "change_qualification": officer_decides(EXAMINED),
    # evaluation: members see only their own sheets until all have submitted
    "record_score_sheet": may(STAFF | {EVALUATOR}, "evaluation:write", own={EVALUATOR}, states={EVALUATION}),
    "list_score_sheets": may(READERS | {EVALUATOR}, "evaluation:read", own={EVALUATOR}),
    "read_score_sheet": may(READERS | {EVALUATOR}, "evaluation:read", own={EVALUATOR}),
    "compute_ranking": may(STAFF, "evaluation:write", states={EVALUATION}),
    "read_newest_ranking": may(READERS | {EVALUATOR}, "evaluation:read", own={EVALUATOR}),
    "list_rankings": may(READERS | {EVALUATOR}, "evaluation:read", own={EVALUATOR}),
    "read_ranking": may(READERS | {EVALUATOR}, "evaluation:read", own={EVALUATOR}),
    "replay_ranking": may(READERS, "evaluation:read"),
    "sign_ranking": may({OFFICER, EVALUATOR}, own={EVALUATOR}, states={EVALUATION}),
    "list_ranking_signatures": may(READERS | {EVALUATOR}, "evaluation:read", own={EVALUATOR}),
    "preview_ranking": may(EVERYONE - {ADMIN}, "evaluation:read"),
    # awards: scenarios are internal to the agency, awards are announced
    "compute_award_scenario": may(STAFF, "awards:write", states=DECIDED),
    "list_award_scenarios": may(READERS, "awards:read"),
    "read_award_scenario": may(READERS, "awards:read"),
    "decide_awards": officer_decides(DECIDED),
    "list_awards": may(EVERYONE - {ADMIN}, "awards:read"),
    "read_award": may(EVERYONE - {ADMIN}, "awards:read"),
    "cancel_award": officer_decides(DECIDED),
    # organizations, rosters, documents: a bidder reads and changes its own only; the agency sets name and code
    "create_organization": may(STAFF, "organizations:write"),
    "list_organizations": may(READERS | {BIDDER, ADMIN}, "organizations:read", own={BIDDER}),
    "read_organization": may(READERS | {BIDDER, ADMIN}, "organizations:read", own={BIDDER}),
    "change_organization": may(STAFF, "organizations:write"),
    "add_registration": may(STAFF | {BIDDER}, "organizations:write", own={BIDDER}),
    "list_registrations": may(READERS | {BIDDER}, "organizations:read", own={BIDDER}),
    "read_registration": may(READERS | {BIDDER}, "organizations:read", own={BIDDER}),
    "put_dossier": may(STAFF | {BIDDER}, "organizations:write", own={BIDDER}),
    "read_dossier": may(READERS | {BIDDER}, "organizations:read", own={BIDDER}),
    "read_dossier_unmasked": may({OFFICER}),
    "put_roster": may(STAFF | {BIDDER}, "organizations:write", own={BIDDER}),
    "upload_roster": may(STAFF | {BIDDER}, "organizations:write", own={BIDDER}),
    "read_roster": may(READERS | {BIDDER}, "organizations:read", own={BIDDER}),
    "list_rosters": may(READERS | {BIDDER}, "organizations:read", own={BIDDER}),
    "upload_documents": may(STAFF | {BIDDER}, "documents:write", own={BIDDER}),
    "list_documents": may(READERS | {BIDDER}, "documents:read", own={BIDDER}),
    "read_document": may(READERS | {BIDDER}, "documents:read", own={BIDDER}),
    "change_document": may(STAFF, "documents:write"),
    "read_document_content": may({OFFICER, BIDDER}, own={BIDDER}),  # unmasked: auditors and programs see page pictures
    "read_document_page": may(READERS | {BIDDER}, "documents:read", own={BIDDER}),
    "read_document_page_unmasked": may({OFFICER}),
    "list_extractions": may(READERS | {BIDDER}, "documents:read", own={BIDDER}),
    "correct_extraction": may(STAFF, "documents:write"),
    # integrity leads: internal to the agency; bidders may be heard about them but cannot read them
    "compute_flags": may(STAFF, "flags:write", states=OPENED),
    "list_flags": may(READERS | {EVALUATOR}, "flags:read", own={EVALUATOR}),
    "read_flag": may(READERS | {EVALUATOR}, "flags:read", own={EVALUATOR}),
    "read_flag_graph": may(READERS | {EVALUATOR}, "flags:read", own={EVALUATOR}),
    "list_dispositions": may(READERS | {EVALUATOR}, "flags:read", own={EVALUATOR}),
    "dispose_flag": officer_decides(),
    "record_submission_trace": may(STAFF, "flags:write"),
    "list_submission_traces": may(READERS, "flags:read", states=OPENED),
    "confirm_submission_trace": officer_decides(OPENED),
    "put_tender_documents": officer_decides(),
    "read_tender_documents": may(READERS, "flags:read"),
    # sealed bids: a bidder sees its own envelopes, the agency none before the deadline
    "submit_envelope": may({BIDDER}, own={BIDDER}, states={TENDERING}),
    "list_envelopes": may(READERS | {BIDDER}, "bids:read", own={BIDDER}),
    "read_envelope": may(READERS | {BIDDER}, "bids:read", own={BIDDER}),
    "read_envelope_content": may({OFFICER, AUDITOR, BIDDER}, own={BIDDER}),  # others: once it is opened
    "withdraw_envelope": may({BIDDER}, own={BIDDER}, states={TENDERING}),
    "put_opening_key": may({OFFICER}, states={DRAFT}),
    "read_opening_trials": may({OFFICER, AUDITOR}),
    "prove_opening_trial": may({OFFICER}, states={DRAFT, TENDERING}),
    "read_opening": may(EVERYONE - {ADMIN}, "bids:read"),
    "read_opening_wraps": may({OFFICER, AUDITOR}),
    "close_bidding": may(STAFF, "bids:write", states={TENDERING}),
    "open_bids": may({OFFICER}, states={TENDERING}),
    "confirm_price": may({OFFICER}, states=EXAMINED),
    # the procedure around the bids: amendments and notices, committee, periods, questions and complaints, contracts
    "amend_tender": may({OFFICER}, states={TENDERING}),
    "list_amendments": may(EVERYONE - {ADMIN}, "procedure:read"),
    "export_ocds": may(READERS, "tenders:read"),
    "export_paper": may(READERS, "evaluation:read"),
    "announce_awards": may({OFFICER}, states={AWARDED}),
    "list_notices": may(EVERYONE - {ADMIN}, "procedure:read"),
    "ask_clarification": may({OFFICER}, states=EXAMINED),
    "list_clarifications": may(READERS | {BIDDER}, "procedure:read", own={BIDDER}),
    "answer_clarification": may({OFFICER, BIDDER}, own={BIDDER}),  # an officer records an answer received on paper
    "declare_consortium": may({BIDDER}, own={BIDDER}, states={TENDERING}),
    "consent_to_consortium": bidder_in_person({TENDERING}),  # the member's own login, not a program's key
    "list_consortia": may(READERS | {BIDDER}, "procedure:read", own={BIDDER}),
    "read_consortium_requirements": may(READERS, "procedure:read"),
    "form_committee": may({OFFICER}, states=EXAMINED),
    "read_committee": may(READERS, "procedure:read"),
    "check_service_plan": may(STAFF | {EVALUATOR}, "procedure:read"),
    "check_supervising_evaluator": may(STAFF, "procedure:read"),
    "read_clock": may(EVERYONE, "procedure:read"),
    "acknowledge_clock": may({ADMIN}),
    "announce_calendar_year": may({OFFICER}),
    "list_calendar_years": may(EVERYONE, "procedure:read"),
    "start_clock": may({OFFICER}),
    "list_clocks": may(READERS | {BIDDER}, "procedure:read", own={BIDDER}),
    "meet_clock": may({OFFICER}),
    "ask_question": may({BIDDER}, own={BIDDER}),
    "list_questions": may(READERS | {BIDDER}, "procedure:read", own={BIDDER}),
    "read_question": may(READERS | {BIDDER}, "procedure:read", own={BIDDER}),
    "answer_question": may({OFFICER}),
    "assess_question": may({OFFICER}),
    "withdraw_question": may({BIDDER}, own={BIDDER}),
    "record_complaint": may({OFFICER}),
    "list_complaints": may(READERS, "procedure:read"),
    "change_complaint": may({OFFICER}),
    "create_contract": may({OFFICER}),
    "list_contracts": may(READERS | {BIDDER}, "procedure:read", own={BIDDER}),
    "read_contract": may(READERS | {BIDDER}, "procedure:read", own={BIDDER}),
    "sign_contract": may({OFFICER}),
    "move_contract": may({OFFICER}),
    "change_contract": may({OFFICER}),
    "list_milestones": may(READERS | {BIDDER}, "procedure:read", own={BIDDER}),
    "reach_milestone": may({OFFICER}),
    "check_lateness": may(STAFF, "procedure:read"),
    "list_lateness_proposals": may(READERS, "procedure:read"),
    "decide_lateness": may({OFFICER}),
    "record_finance_decision": may({OFFICER}),
    # policies
    "list_policies": may(EVERYONE, "tenders:read"),
    "read_policy": may(EVERYONE, "tenders:read"),
    "read_policy_schema": may(EVERYONE, "tenders:read"),
}

SCOPES = frozenset(rule.scope for rule in PERMISSIONS.values() if rule.scope is not None)
_UNTIL = {Stage.PASSWORD: PasswordChangeNeeded, Stage.ENROL: SecondFactorObligatory}


def require(route: str, principal: Principal, address: Mapping[str, Any]) -> None:
    """Raise Forbidden unless the table allows the principal to call this route, NotFound if the object is not its own.

    `address`: the path parameters. For objects named by another id (a bid, a document) the service makes the same check
    on the principal; tests/system/test_matrix.py tests both against the table.
    """
    rule = PERMISSIONS.get(route)
    if rule is not None and rule.decides and principal.role is Role.CLIENT:
        raise ProgramsPropose
    if rule is None or principal.role not in rule.roles or (rule.person and principal.session_id is None):
        raise Forbidden
    if principal.stage not in rule.stages:
        raise _UNTIL[principal.stage]
    if principal.role is Role.CLIENT and rule.scope not in principal.scopes:
        raise ScopeMissing
    if BIDDER in rule.own and "organization_id" in address:
        principal.require_organization(address["organization_id"])
    if EVALUATOR in rule.own and "lot_id" in address:
        principal.require_lot(address["lot_id"])
