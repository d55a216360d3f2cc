"""The result line: a screening on the wire, with its hashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from app.core.credit.credit_record import ListFacts, Match
from app.core.eligibility.explain import reason_text, warning_text, what_would_flip
from app.core.eligibility.messages import PAPERS
from app.core.eligibility.screening import Facts, RequirementResponse, Screening
from app.core.facts.documents import Disagreement, Place
from app.core.facts.dossier import Organization, SharedFacts
from app.core.facts.policy import Check, Policy, Requirement
from app.core.staff.roster import StaffRow
from app.core.values.canonical import canonical_array, canonical_json, canonical_object, sha256_hex
from app.core.values.engine_version import ENGINE_VERSION
from app.core.values.identity import masked_id, masked_text, normalised_code, normalised_name
from app.core.values.text import Text
from app.examination.screening.canonical_bytes import plain_json
from app.platform.access.masking import masked_facts
from app.platform.access.masking import masked_text as hide_ids

_LOOKED_AT: Mapping[Check, tuple[str, ...]] = {
    Check.PROFESSIONAL_AGENCY: ("/organization/name", "/organization/registration/businessScope"),
    Check.REGISTRATION_AUTHORITY: ("/organization/identifier/id", "/organization/registration/authority"),
    Check.REGISTRATION_VALID: ("/organization/registration/validFrom", "/organization/registration/validTo"),
    Check.LEGAL_PERSON: ("/organization/registration/legalForm", "/organization/registration/personality"),
    Check.FULL_TIME_STAFF: ("/roster",),
    Check.SOCIAL_WORKERS: ("/roster",),
    Check.DECLARATION: ("/declarations",),
    Check.FINANCIAL_ACCOUNTING: ("/declarations", "/auditReports", "/organization/registration/annualChecks"),
    Check.STAFF: ("/roster",),
    Check.DOCUMENT: ("/documents",),
    Check.FIGURE: ("/figures",),
}
_DECLARED = {
    check: [{"assurance": "declared", "pointer": pointer} for pointer in pointers]
    for check, pointers in _LOOKED_AT.items()
}


@dataclass(frozen=True, slots=True)
class Named:
    """What a result line states about the bidder besides the answer."""

    dossier: str
    name: str | None
    code: str | None


def result_line(named: Named, screening: Screening, facts: Facts, policy: Policy, input_hash: str) -> bytes:
    """Return one line of canonical JSON (without its end of line); `resultHash` covers all keys but `dossier` and
    itself.
    """
    body = canonical_object(_result(named, screening, facts, policy, input_hash))
    head = plain_json({"dossier": hide_ids(named.dossier)})
    return head[:-1] + b"," + body[1:-1] + b',"resultHash":"' + sha256_hex(body).encode() + b'"}'


def _result(named: Named, screening: Screening, facts: Facts, policy: Policy, input_hash: str) -> dict[str, bytes]:
    """Return all keys but `dossier` and `resultHash`; texts that recur within a batch are built once."""
    flips = [{"requirement": flip.requirement, "change": _text(flip.change)} for flip in what_would_flip(screening)]
    warned = {"warnings": plain_json(_warnings(screening))} if screening.warnings else {}
    return {
        **warned,
        "organization": plain_json(
            {"name": _shown(named.name), "identifier": {"scheme": "CN-USCC", "id": _shown(named.code)}}
        ),
        "verdict": _word(screening.verdict),
        "score": b'"%b"' % format(screening.score, "f").encode(),
        "asOf": _word(facts.as_of.isoformat()),
        "policy": _policy(policy.id, policy.version, policy.sha256),
        "assurance": _word(facts.assurance),
        "requirements": canonical_array([_response(one, facts) for one in screening.responses]),
        "whatWouldFlip": plain_json(flips),
        "staff": _staff_rows(screening),
        "creditSnapshots": canonical_array(
            [
                _snapshot(one.name, one.snapshot, one.retrieved_on, is_assumed=one.retrieved_assumed)
                for one in facts.credit.lists
            ]
        ),
        "engineVersion": _word(ENGINE_VERSION),
        "inputHash": b'"%b"' % input_hash.encode(),
    }


def _warnings(screening: Screening) -> list[dict[str, Any]]:
    """List warnings, which an officer should know although they decide nothing."""
    return [
        {"code": one.code, "message": _text(warning_text(one)), "pointer": one.pointer} for one in screening.warnings
    ]


def _shown(text: str | None) -> str | None:
    """Mask resident IDs in a text from outside, whatever field they were written into."""
    return None if text is None else hide_ids(text)


@lru_cache(maxsize=256)
def _word(text: str) -> bytes:
    return canonical_json(text)


@lru_cache(maxsize=64)
def _policy(policy_id: str, version: str, sha256: str) -> bytes:
    return canonical_json({"id": policy_id, "version": version, "sha256": sha256})


def input_hash(dossier_hash: str, facts: Facts, policy: Policy, documents_hash: str | None = None) -> str:
    """Return the hash of everything the answer was computed from; equal inputs have equal hashes."""
    parts = {
        "asOf": _word(facts.as_of.isoformat()),
        "assurance": _word(facts.assurance),
        "credit": canonical_array(map(_list_input, facts.credit.lists)),
        "documents": plain_json(documents_hash),
        "dossier": b'"%b"' % dossier_hash.encode(),
        "policy": _word(policy.sha256),
        "shared": plain_json(shared_json(facts.shared)),
    }
    return sha256_hex(canonical_object(parts))


def shared_json(shared: SharedFacts) -> dict[str, list[str]]:
    """Return the facts of shared persons and numbers as stored with a run; they hold ID numbers."""
    return {
        "residentIds": sorted(shared.resident_ids),
        "certificateNumbers": sorted(shared.certificate_numbers),
    }


@lru_cache(maxsize=1024)
def _list_input(facts: ListFacts) -> bytes:
    matches = [
        {"entry": match.entry, "relation": match.relation, "judgement": match.judgement} for match in facts.matches
    ]
    return canonical_json(
        {
            "list": facts.name,
            "snapshot": facts.snapshot,
            "retrievedOn": facts.retrieved_on,
            "matches": matches,
            "lostRows": facts.lost_rows,
        }
    )


@lru_cache(maxsize=4096)
def _text(text: Text) -> dict[str, str]:
    return {"zh": hide_ids(text.zh), "en": hide_ids(text.en)}


def _response(response: RequirementResponse, facts: Facts) -> bytes:
    evidence = _evidence(response, facts)
    if (
        response.findings
        or response.places
        or response.lines
        or (evidence and response.requirement.check is Check.CREDIT_RECORD)
    ):
        return _answer(response, evidence)
    return _plain_answer(response)


@lru_cache(maxsize=1024)
def _plain_answer(response: RequirementResponse) -> bytes:
    """Return an answer without findings, by declared values alone: it is identical for all bidders that get it."""
    return _answer(response, _declared(response.requirement))


def _answer(response: RequirementResponse, evidence: list[dict[str, Any]]) -> bytes:
    requirement, count = response.requirement, response.count
    # the box of a place is given as fractions
    write = canonical_json if response.places or response.lines else plain_json
    return write(
        {
            "id": requirement.id,
            "outcome": response.outcome,
            "required": requirement.minimum,
            "observed": count.countable if count else None,
            "doubtful": count.doubtful if count else None,
            "margin": count.countable - (requirement.minimum or 0) if count else None,
            "reasons": [
                {"code": found.code, "message": _text(reason_text(found, response)), "pointer": found.pointer}
                for found in response.findings
            ],
            "evidence": evidence,
            "legalBasis": requirement.legal_basis,
        }
    )


def _evidence(response: RequirementResponse, facts: Facts) -> list[dict[str, Any]]:
    check = response.requirement.check
    if check is Check.CREDIT_RECORD:
        return _credit_evidence(facts)
    declared = _declared(response.requirement)
    if not response.places and not response.lines:
        return declared
    # the place suffices: it contains a person's name and numbers
    lines = [{"pointer": f"/roster/{index}", **place_json(place), "text": None} for index, place in response.lines]
    return [*declared, *map(place_json, response.places), *lines]


def _declared(requirement: Requirement) -> list[dict[str, Any]]:
    """Return the declared values that a requirement rests on; those of all its alternatives, each once."""
    if requirement.check is not Check.ANY_OF:
        return _DECLARED.get(requirement.check, [])
    found = [one for part in requirement.alternatives for one in _declared(part)]
    return list({str(one["pointer"]): one for one in found}.values())


def _credit_evidence(facts: Facts) -> list[dict[str, Any]]:
    """Return every snapshot that was searched with the normalised query, hit or not, followed by each entry found."""
    query = _query(facts.dossier.organization)
    found: list[dict[str, Any]] = []
    for one in facts.credit.lists:
        if one.snapshot is None:
            continue
        retrieved = one.retrieved_on.isoformat() if one.retrieved_on else None
        own = {"list": one.name, "snapshot": one.snapshot}
        searched = {"retrievedAt": retrieved, "sha256": one.sha256, "rows": one.rows, "found": len(one.matches)}
        found.append({**own, **searched, "query": query})
        found += [{**own, "entry": masked_facts(entry_json(match))} for match in one.matches]
    return found


def _query(organization: Organization) -> dict[str, Any]:
    """Return the query: code and names as they are compared."""
    former = [hide_ids(normalised_name(name)) for name in organization.former_names]
    return {
        "name": hide_ids(normalised_name(organization.name)) or None,
        "uscc": hide_ids(normalised_code(organization.code)) or None,
        "formerNames": former,
    }


def entry_json(match: Match) -> dict[str, Any]:
    """Return a list entry as evidence, with how it relates to the bidder and the reviewer's judgement."""
    entry = match.entry
    return {
        "id": entry.id,
        "name": entry.name,
        "uscc": entry.code,
        "from": entry.first.isoformat() if entry.first else None,
        "to": entry.last.isoformat() if entry.last else None,
        "reason": entry.reason,
        "document": entry.document,
        "relation": match.relation,
        "score": match.score,
        "judgement": match.judgement,
        "judgementId": match.judgement_id,
        **({"unread": entry.unread} if entry.unread else {}),
    }


def place_json(place: Place) -> dict[str, Any]:
    """Return where a value was read: the paper by hash, title and, where it is stored, id with the picture of its page."""
    return {
        "document": place.document,
        **_stored(place),
        **({"title": _text(PAPERS[place.kind])} if place.kind and place.kind in PAPERS else {}),
        "page": place.page,
        "box": list(place.box) if place.box else None,
        "text": _shown(place.text),
        "extractor": place.method,
        "confidence": place.confidence,
    }


def _stored(place: Place) -> dict[str, str]:
    if place.document_id is None:
        return {}
    page = {"picture": f"/api/v1/documents/{place.document_id}/pages/{place.page}.png"} if place.page else {}
    return {"documentId": place.document_id, **page}


def _staff_rows(screening: Screening) -> bytes:
    """Return every roster line's answer, with what papers supplied for it."""
    if not screening.filled:
        return canonical_array(map(_staff, screening.staff))
    supplied: dict[int, list[dict[str, Any]]] = {}
    for one in screening.filled:
        shown = {
            "field": one.field,
            "value": masked_id(one.value) if one.field.endswith(".number") else _shown(one.value),
            "place": {**place_json(one.place), "text": None},
        }
        supplied.setdefault(one.index, []).append(shown)
    rows = [
        canonical_json({**_staff_shown(row), "fromDocuments": supplied[row.index]})
        if row.index in supplied
        else _staff(row)
        for row in screening.staff
    ]
    return canonical_array(rows)


@lru_cache(maxsize=4096)
def _staff(row: StaffRow) -> bytes:
    return canonical_json(_staff_shown(row))


def _staff_shown(row: StaffRow) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "pointer": f"/roster/{row.index}",
        "fullTime": row.full_time,
        "socialWorker": row.social_worker,
        "codes": row.codes,
    }
    if row.disagreements:
        shown["documents"] = list(map(_disagreement, row.disagreements))
    if row.missing:
        shown["missing"] = row.missing
    return shown


def _disagreement(one: Disagreement) -> dict[str, Any]:
    """Return both values; ID numbers are masked in the extracted text too."""
    place = place_json(one.place) if one.place else None
    if place and place["text"]:
        place["text"] = masked_text(place["text"])
    return {"field": one.field, "declared": one.declared, "documented": one.documented, "place": place}


@lru_cache(maxsize=1024)
def _snapshot(name: str, snapshot: str | None, retrieved_on: date | None, *, is_assumed: bool) -> bytes:
    assumed = {"retrievedAtAssumed": True} if is_assumed else {}
    return canonical_json({"list": name, "snapshot": snapshot, "retrievedAt": retrieved_on, **assumed})
