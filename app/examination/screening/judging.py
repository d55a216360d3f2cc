"""The judge: from a case and a policy to the result line, the same for command line, batch, HTTP, what-if and replay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.eligibility.screening import Facts, screen
from app.core.facts.policy import Policy
from app.core.values.canonical import sha256_hex
from app.examination.screening.canonical_bytes import plain_json
from app.examination.screening.result import Named, input_hash, result_line


@dataclass(frozen=True, slots=True)
class Case:
    """One bidder's case: the facts, and the hashes of the dossier and the extractions they were taken from."""

    facts: Facts
    dossier_hash: str
    documents_hash: str | None = None


def judge(case: Case, policy: Policy, name: str) -> bytes:
    """Return the result line (DESIGN 5.3) of a case, without its end of line; `name` is the dossier's."""
    facts, organization = case.facts, case.facts.dossier.organization
    hashed = input_hash(case.dossier_hash, facts, policy, case.documents_hash)
    named = Named(name, organization.name, organization.code)
    return result_line(named, screen(facts, policy), facts, policy, hashed)


def dossier_hash(data: Mapping[str, Any]) -> str:
    """Return the hash of a dossier's canonical JSON."""
    return sha256_hex(plain_json(data))
