"""The one permission table: which roles may call which route. A route that isn't in it answers 403 to everybody."""

from app.access.roles import Role
from app.problems import Forbidden

OFFICER, EVALUATOR, BIDDER, AUDITOR, CLIENT, ADMIN = Role
STAFF = {OFFICER, CLIENT}  # who runs tenders: people and their programs
READERS = {OFFICER, CLIENT, AUDITOR}
EVERYONE = set(Role)

PUBLIC = frozenset({"health"})  # answers without a key, beside the OpenAPI document

PERMISSIONS: dict[str, set[Role]] = {
    # access
    "create_api_key": {ADMIN},
    "list_api_keys": {ADMIN},
    "revoke_api_key": {ADMIN},
    # audit
    "list_audit_events": {AUDITOR, ADMIN},
    "verify_audit": {AUDITOR, ADMIN},
    "list_checkpoints": {AUDITOR, ADMIN},
    "list_audit_sinks": {AUDITOR, ADMIN},
    # jobs: a bidder sees its own organization's only
    "read_job": EVERYONE - {EVALUATOR},
    "stream_job": EVERYONE - {EVALUATOR},
    # tenders: a draft shows itself only to those who prepare it
    "create_tender": STAFF,
    "list_tenders": EVERYONE - {ADMIN},
    "read_tender": EVERYONE - {ADMIN},
    "change_tender": STAFF,
    "list_lots": EVERYONE - {ADMIN},
    "put_lots": STAFF,
    "read_tender_policy": EVERYONE - {ADMIN},
    "put_tender_policy": STAFF,
    "publish_tender": STAFF,
    "move_tender": STAFF,
    "cancel_tender": STAFF,
    # credit lists: a person judges, no program does
    "list_credit_lists": READERS,
    "create_credit_snapshot": STAFF,
    "list_credit_snapshots": READERS,
    "read_credit_snapshot": READERS,
    "list_bad_rows": READERS,
    "match_credit": READERS,
    "list_credit_queries": READERS,
    "create_judgement": {OFFICER},
    "list_judgements": READERS,
    "read_judgement": READERS,
    # screenings: a bidder reads its own, with the reasons (PIPL art. 24)
    "create_screening": STAFF,
    "create_screening_batch": STAFF,
    "list_screenings": READERS | {BIDDER},
    "read_screening": READERS | {BIDDER},
    "replay_screening": READERS,
    "ask_what_if": STAFF,
    # bids and qualifications: a bidder sees its own
    "record_bid": STAFF,
    "list_bids": READERS | {EVALUATOR, BIDDER},
    "read_bid": READERS | {EVALUATOR, BIDDER},
    "change_bid": STAFF,
    "create_qualification": {OFFICER},  # a person decides: no program does
    "list_qualifications": READERS | {EVALUATOR, BIDDER},
    "read_qualification": READERS | {EVALUATOR, BIDDER},
    "change_qualification": {OFFICER},
    # evaluation: one sees one's own sheets until all members have submitted
    "record_score_sheet": STAFF | {EVALUATOR},
    "list_score_sheets": READERS | {EVALUATOR},
    "read_score_sheet": READERS | {EVALUATOR},
    "compute_ranking": STAFF,
    "read_newest_ranking": READERS | {EVALUATOR},
    "list_rankings": READERS | {EVALUATOR},
    "read_ranking": READERS | {EVALUATOR},
    "replay_ranking": READERS,
    "sign_ranking": {OFFICER, EVALUATOR},
    "list_ranking_signatures": READERS | {EVALUATOR},
    "preview_ranking": EVERYONE - {ADMIN},
    # awards: scenarios are the agency's, awards are announced
    "compute_award_scenario": STAFF,
    "list_award_scenarios": READERS,
    "read_award_scenario": READERS,
    "decide_awards": {OFFICER},
    "list_awards": EVERYONE - {ADMIN},
    "read_award": EVERYONE - {ADMIN},
    "cancel_award": {OFFICER},
    # organizations, rosters, documents: a bidder sees and changes its own only; name and code are the agency's
    "create_organization": STAFF,
    "list_organizations": READERS | {BIDDER, ADMIN},
    "read_organization": READERS | {BIDDER, ADMIN},
    "change_organization": STAFF,
    "add_registration": STAFF | {BIDDER},
    "list_registrations": READERS | {BIDDER},
    "read_registration": READERS | {BIDDER},
    "put_dossier": STAFF | {BIDDER},
    "read_dossier": READERS | {BIDDER},
    "read_dossier_unmasked": {OFFICER},
    "put_roster": STAFF | {BIDDER},
    "upload_roster": STAFF | {BIDDER},
    "read_roster": READERS | {BIDDER},
    "list_rosters": READERS | {BIDDER},
    "upload_documents": STAFF | {BIDDER},
    "list_documents": READERS | {BIDDER},
    "read_document": READERS | {BIDDER},
    "change_document": STAFF,
    "read_document_content": READERS | {BIDDER},
    "read_document_page": READERS | {BIDDER},
    "read_document_page_unmasked": {OFFICER},
    "list_extractions": READERS | {BIDDER},
    "correct_extraction": STAFF,
    # integrity leads: the agency's alone, a bidder is heard about them, not shown them
    "compute_flags": STAFF,
    "list_flags": READERS | {EVALUATOR},
    "read_flag": READERS | {EVALUATOR},
    "read_flag_graph": READERS | {EVALUATOR},
    "list_dispositions": READERS | {EVALUATOR},
    "dispose_flag": {OFFICER},  # a person decides: no program does
    "record_submission_trace": STAFF,
    "list_submission_traces": READERS,
    "put_tender_documents": STAFF,
    "read_tender_documents": READERS,
    # sealed bids: a bidder sees its own envelopes only, the agency none before the deadline
    "submit_envelope": {BIDDER},
    "list_envelopes": READERS | {BIDDER},
    "read_envelope": READERS | {BIDDER},
    "read_envelope_content": {BIDDER},
    "withdraw_envelope": {BIDDER},
    "put_opening_key": {OFFICER},
    "read_opening": EVERYONE - {ADMIN},
    "read_opening_wraps": {OFFICER, AUDITOR},
    "close_bidding": STAFF,
    "open_bids": {OFFICER},
    "confirm_price": {OFFICER},
    # the procedure around the bids: amendments and notices, committee, periods, questions and complaints, contracts
    "amend_tender": {OFFICER},
    "list_amendments": EVERYONE - {ADMIN},
    "announce_awards": {OFFICER},
    "list_notices": EVERYONE - {ADMIN},
    "ask_clarification": {OFFICER},
    "list_clarifications": READERS | {BIDDER},
    "answer_clarification": {OFFICER, BIDDER},  # an officer puts down an answer that came on paper
    "declare_consortium": {BIDDER},
    "list_consortia": READERS | {BIDDER},
    "read_consortium_requirements": READERS,
    "form_committee": {OFFICER},
    "read_committee": READERS,
    "check_service_plan": STAFF | {EVALUATOR},
    "check_supervising_evaluator": STAFF,
    "read_clock": EVERYONE,
    "acknowledge_clock": {ADMIN},
    "announce_calendar_year": {OFFICER},
    "list_calendar_years": EVERYONE,
    "start_clock": {OFFICER},
    "list_clocks": READERS | {BIDDER},
    "meet_clock": {OFFICER},
    "ask_question": {BIDDER},
    "list_questions": READERS | {BIDDER},
    "read_question": READERS | {BIDDER},
    "answer_question": {OFFICER},
    "assess_question": {OFFICER},
    "withdraw_question": {BIDDER},
    "record_complaint": {OFFICER},
    "list_complaints": READERS,
    "change_complaint": {OFFICER},
    "create_contract": {OFFICER},
    "list_contracts": READERS | {BIDDER},
    "read_contract": READERS | {BIDDER},
    "sign_contract": {OFFICER},
    "move_contract": {OFFICER},
    "change_contract": {OFFICER},
    "list_milestones": READERS | {BIDDER},
    "reach_milestone": {OFFICER},
    "check_lateness": STAFF,
    "list_lateness_proposals": READERS,
    "decide_lateness": {OFFICER},
    "record_finance_decision": {OFFICER},
    # policies
    "list_policies": EVERYONE,
    "read_policy": EVERYONE,
}


def require(route: str, role: Role) -> None:
    """Forbidden unless the table says that this role may call this route."""
    if role not in PERMISSIONS.get(route, ()):
        raise Forbidden
