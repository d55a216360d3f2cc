"""Sealed bids and the opening over HTTP."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Form, Response

from app.platform.quota import quota_headers
from app.platform.unit_of_work import Work
from app.platform.web.arrival import LastByte
from app.platform.web.handlers import problem_response
from app.platform.web.headers import attachment
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import etag
from app.platform.web.routing import Router
from app.platform.web.sender import Sender
from app.platform.web.types import Id
from app.platform.web.uploads import Upload
from app.tendering.envelopes import keys, opening, service, trials
from app.tendering.envelopes.opening import TenderKeyRefused
from app.tendering.envelopes.schemas import (
    ConfirmationIn,
    EnvelopeOut,
    KeyIn,
    OpeningOut,
    TenderKeyIn,
    TrialAnswerIn,
    TrialOut,
    TrialsOut,
    WrapsOut,
)
from app.tendering.envelopes.tables import Envelope, EnvelopeRefusal, OpeningTrial
from app.tendering.envelopes.trials import TrialRefused

router = Router(prefix="/tenders/{tender_id}", tags=["sealed bids"])
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The envelope as it was received"}
}


@router.post("/envelopes", status_code=201)
def submit_envelope(  # noqa: PLR0913, PLR0917 - the parts of the form, and where it came from
    tender_id: Id,
    file: Upload,
    lot: Annotated[Id, Form(alias="lotId")],
    arrived: LastByte,
    sender: Sender,
    work: Work,
    response: Response,
) -> EnvelopeOut:
    """Submit a sealed bid for a lot, replacing an earlier one; the arrival of its last byte is its submission time.

    The header `Quota-Envelopes` states how many the bidder has submitted for the lot; 409 `quota_exceeded`.
    """
    taken = service.submit(work, tender_id, service.arrived(lot, file.file, arrived, sender))
    if isinstance(taken, EnvelopeRefusal):
        # The refusal must be recorded: an exception would roll the unit of work back.
        return problem_response(service.refusal_problem(taken), work.request_id)  # type: ignore[return-value]
    response.headers["Location"] = f"/api/v1/tenders/{tender_id}/envelopes/{taken.id}"
    response.headers.update(quota_headers([service.envelope_quota(work, taken.lot_id, taken.organization_id)]))
    return EnvelopeOut.of(taken)


@router.get("/envelopes")
def list_envelopes(tender_id: Id, work: Work, paging: Paging) -> Page[EnvelopeOut]:
    """List a bidder's own envelopes; the agency sees all of them after the opening."""
    return paging.page(work.session, service.listing(work, tender_id), key=Envelope.id, view=EnvelopeOut.of)


@router.get("/envelopes/{envelope_id}")
def read_envelope(tender_id: Id, envelope_id: Id, work: Work) -> EnvelopeOut:
    """Return an envelope with its receipt."""
    return EnvelopeOut.of(service.find(work, tender_id, envelope_id))


@router.get("/envelopes/{envelope_id}/content", response_class=Response, responses=BYTES)
def read_envelope_content(tender_id: Id, envelope_id: Id, work: Work) -> Response:
    """Download the envelope's bytes: its bidder at any time, custodians and auditors once it is opened."""
    headers = {"Content-Disposition": attachment(f"{envelope_id}.age", envelope_id)}
    return Response(
        service.content(work, tender_id, envelope_id), headers=headers, media_type="application/octet-stream"
    )


@router.post("/envelopes/{envelope_id}/withdraw")
def withdraw_envelope(tender_id: Id, envelope_id: Id, work: Work) -> EnvelopeOut:
    """Withdraw an envelope before the deadline."""
    return EnvelopeOut.of(service.withdraw(work, tender_id, envelope_id))


@router.put("/opening/key")
def put_opening_key(tender_id: Id, body: KeyIn, work: Work, response: Response) -> OpeningOut:
    """Set the public key from the key ceremony on a draft; its bids will be sealed."""
    return _shown(keys.put(work, tender_id, body), response)


@router.get("/opening")
def read_opening(tender_id: Id, work: Work, response: Response) -> OpeningOut:
    """Return the public key; from the deadline on also the list of envelopes, and after the opening its record."""
    return _shown(keys.opening_of(work, tender_id), response)


@router.get("/opening/wraps")
def read_opening_wraps(tender_id: Id, work: Work) -> WrapsOut:
    """Return the wraps of the tender's key, for the custodians to peel on their own devices."""
    return WrapsOut.model_validate({"wraps": keys.opening_of(work, tender_id).wraps})


@router.get("/opening/trials")
def read_opening_trials(tender_id: Id, work: Work) -> TrialsOut:
    """Return the custodians' trials: each opens its own with `bidscreen keys prove`."""
    return _trials(trials.trials_of(work, keys.opening_of(work, tender_id)))


@router.post("/opening/trials")
def prove_opening_trial(tender_id: Id, body: TrialAnswerIn, work: Work) -> TrialsOut:
    """Record a custodian's answer: its key opens what is sealed to it, and it confirms the key's fingerprint.

    422 `trial_refused` where it does not fit; publication warns of custodians without a right answer.
    """
    done = trials.prove(work, keys.locked(work, tender_id), body)
    if isinstance(done, TrialRefused):
        return problem_response(done, work.request_id)  # type: ignore[return-value]
    return _trials(done)


@router.post("/opening/close")
def close_bidding(tender_id: Id, work: Work, response: Response) -> OpeningOut:
    """Publish the list of envelopes at the deadline; lots with fewer than three fail unopened."""
    return _shown(opening.close(work, tender_id), response)


@router.post("/opening")
def open_bids(tender_id: Id, body: TenderKeyIn, work: Work, response: Response) -> OpeningOut:
    """Submit the tender's key and decrypt every envelope in one transaction; the key is not stored."""
    done = opening.open_all(work, tender_id, body)
    if isinstance(done, TenderKeyRefused):
        return problem_response(done, work.request_id)  # type: ignore[return-value]
    return _shown(done, response)


@router.post("/opening/confirmations")
def confirm_price(tender_id: Id, body: ConfirmationIn, work: Work) -> EnvelopeOut:
    """Record the bidder's written answer to a corrected price."""
    return EnvelopeOut.of(opening.confirm_price(work, tender_id, body))


def _trials(rows: Iterable[OpeningTrial]) -> TrialsOut:
    return TrialsOut(trials=[TrialOut.model_validate(row) for row in rows])


def _shown(row: Any, response: Response) -> OpeningOut:
    response.headers["ETag"] = etag(row.version)
    return OpeningOut.of(row)
