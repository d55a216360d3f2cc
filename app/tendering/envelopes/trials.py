"""Trials: each custodian shows, before publication, that its key opens what is sealed to it, and which key it confirms.

The service seals a random value to the custodian's public key and keeps the hash of the right answer alone. The answer
contains the fingerprint that the custodian got at the ceremony, so that a key exchanged on the way is noticed. An age
key cannot sign: the answer proves to the service, not to others, that the custodian holds its key.
"""

import secrets
from base64 import b64encode
from hashlib import sha256

from sqlalchemy import select

from app.core.procedure.tender_state import TenderState
from app.platform.audit.events import Event
from app.platform.problems import NotFound, Problem
from app.platform.unit_of_work import UnitOfWork
from app.tendering.envelopes import age
from app.tendering.envelopes.pins import fingerprint, trial_answer
from app.tendering.envelopes.schemas import TrialAnswerIn
from app.tendering.envelopes.tables import Opening, OpeningTrial
from app.tendering.tenders.procedure import procedure_of

_VALUE_BYTES = 32


class TrialRefused(Problem):
    """The custodian's key does not open its trial, or it confirms another key; the audit trail records the attempt."""

    code, title, status = (
        "trial_refused",
        "The answer does not fit the custodian's trial and the key's fingerprint",
        422,
    )


def give(work: UnitOfWork, opening: Opening) -> None:
    """Give every custodian of a new key a trial; those of an earlier key are removed."""
    for earlier in trials_of(work, opening):
        work.session.delete(earlier)
    work.session.flush()
    for one in opening.custodians:
        value = secrets.token_hex(_VALUE_BYTES)
        answer = trial_answer(value, fingerprint(opening.public_key))
        work.session.add(
            OpeningTrial(
                tender_id=opening.tender_id,
                custodian=one["name"],
                trial=b64encode(age.seal(value.encode(), one["recipient"])).decode(),
                answer_sha256=sha256(answer.encode()).hexdigest(),
            )
        )
    work.session.flush()


def trials_of(work: UnitOfWork, opening: Opening) -> list[OpeningTrial]:
    """Return the trials of an opening, in the order of their custodians."""
    query = select(OpeningTrial).where(OpeningTrial.tender_id == opening.tender_id)
    return list(work.session.scalars(query.order_by(OpeningTrial.custodian)))


def prove(work: UnitOfWork, opening: Opening, body: TrialAnswerIn) -> list[OpeningTrial] | TrialRefused:
    """Record a custodian's right answer; a wrong one is recorded in the trail. Errors: NotFound."""
    procedure_of(work, opening.tender_id).require(TenderState.DRAFT, TenderState.TENDERING)
    found = trials_of(work, opening)
    row = next((one for one in found if one.custodian == body.custodian), None)
    if row is None:
        raise NotFound
    right = secrets.compare_digest(sha256(body.answer.encode()).hexdigest(), row.answer_sha256)
    after = {"custodian": row.custodian, "proved": right, "fingerprint": fingerprint(opening.public_key)}
    if not right:
        work.record(Event.OFFICER_OPENING_PROVE, subject=opening.id, tender=opening.tender_id, after=after)
        return TrialRefused()
    if row.proved_at is None:
        row.proved_at = work.now
        work.session.flush()
        work.record(Event.OFFICER_OPENING_PROVE, subject=opening.id, tender=opening.tender_id, after=after)
    return found
