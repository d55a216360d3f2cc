"""A valid bidder of the Suzhou pilot, to be varied by one thing at a time; written as on the wire.

`<code 52320508>` is replaced by a valid unified social credit code with that prefix, `<id 1985-03-05>` by a valid
resident ID.
"""

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from app.bidders.dossier_reader import check_dossier
from app.core.credit.credit_record import CreditFacts, Judgement, ListEntry, ListFacts, Match, Relation
from app.core.credit.matching import match_of, query_of, related
from app.core.eligibility.screening import Assurance, Facts, Screening, screen
from app.core.facts.dossier import NOTHING_SHARED, Dossier, Organization
from app.core.facts.policy import Policy
from app.core.staff.sharing import shared_facts
from app.evidence.credit.index.lexicon import lexicon
from app.examination.screening.evidence import documented
from app.tendering.policies.loader import policy_of, preset_text

POLICIES = Path(__file__).parent / "policies"
AS_OF = date(2017, 5, 31)
DECLARED = ("no_major_violation", "financial_accounting", "technical_capability")
THRESHOLD = 750
NAME = "苏州市晨光社会工作服务社"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def code(start: str, serial: int = 0) -> str:
    """Return a valid code: GB 32100-2015."""
    body = f"{start}MJ{serial:07d}"[:17].ljust(17, "0")
    total = sum(_USCC.index(character) * weight for character, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC[(31 - total % 31) % 31]


def resident_id(birth: str, serial: int = 1) -> str:
    """Return a valid ID: GB 11643-1999."""
    body = f"320508{birth.replace('-', '')}{serial:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


CODE = code("52320508")


def line(number: int, **changes: Any) -> dict[str, Any]:
    """Return a full-time social worker; `number` determines name, ID and certificate number."""
    sound = {
        "name": f"员工{number}",
        "residentId": resident_id("1985-03-05", number),
        "employment": "full_time",
        "contractFrom": "2016-01-01",
        "contractTo": "2018-12-31",
        "socialInsurance": {"payer": NAME, "from": "2016-01", "to": "2017-05"},
        "certificates": [
            {
                "kind": "social_worker",
                "level": "assistant",
                "number": f"2015{number:014d}",
                "approvedOn": "2015-09-01",
            }
        ],
    }
    return _varied(sound, changes)


def dossier(roster: Sequence[Mapping[str, Any]] | None = None, changes: Mapping[str, Any] | None = None) -> Any:
    """Return eight full-time staff, four of them social workers, and everything else valid, with changes by dotted
    path.
    """
    people = [line(n) if n < 5 else line(n, certificates=[]) for n in range(1, 9)]
    if roster is not None:
        people = [line(one.get("person", n), **one) for n, one in enumerate(roster, 1)]
    sound = {
        "organization": {
            "name": NAME,
            "identifier": {"scheme": "CN-USCC", "id": CODE},
            "formerNames": [],
            "registration": {
                "authority": "苏州市姑苏区民政局",
                "kind": "registered",
                "legalForm": "private_non_enterprise",
                "personality": "legal_person",
                "registeredOn": "2014-03-01",
                "validFrom": "2015-03-01",
                "validTo": "2019-02-28",
                "openEnded": False,
                "businessScope": "社会工作服务",
                "annualChecks": [{"year": 2016, "conclusion": "passed"}],
            },
        },
        "roster": people,
        "declarations": [{"kind": kind, "signedOn": "2017-05-02"} for kind in DECLARED],
        "auditReports": [{"year": 2016, "opinion": "unqualified"}],
    }
    return _varied(sound, changes or {})


def _varied(sound: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    for path, value in changes.items():
        if path != "person":
            put(sound, path, filled(value))
    return sound


def put(data: Any, path: str, value: Any) -> None:
    """Set what a dotted path names: `organization.registration.kind`, `roster.0.name`."""
    *steps, last = path.split(".")
    for step in steps:
        data = data[int(step)] if isinstance(data, list) else data[step]
    data[int(last) if isinstance(data, list) else last] = value


def filled(value: Any) -> Any:
    """The value with `<code …>` and `<id …>` replaced by valid ones."""
    if isinstance(value, Mapping):
        return {key: filled(one) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one) for one in value]
    if isinstance(value, str):
        value = re.sub(r"<code (\w+)>", lambda found: code(found[1]), value)
        return re.sub(r"<id ([\d-]+)(?: (\d+))?>", lambda found: resident_id(found[1], int(found[2] or 1)), value)
    return value.isoformat() if isinstance(value, date) else value


def policy(name: str = "suzhou-current", changes: Mapping[str, Any] | None = None) -> Policy:
    """Return a preset, or a policy of `tests/policies`, with changes by dotted path."""
    data = yaml.safe_load((POLICIES / name).read_bytes() if name.endswith(".yaml") else preset_text(name))
    for path, value in (changes or {}).items():
        put(data, path, copy.deepcopy(value))
    return policy_of(data, name)


def facts_of(data: Any) -> Dossier:
    """Return the facts of a dossier on the wire."""
    return check_dossier(data).facts


def credit(organization: Organization, lists: Mapping[str, Any], rules: Policy, day: date) -> CreditFacts:
    """Return all lists of the policy, empty and of the day, except for what `lists` states."""
    return CreditFacts(
        tuple(
            _list(rule.name, lists.get(rule.name, {}), organization, day)
            for rule in rules.credit.lists
            if lists.get(rule.name, {}) is not None
        )
    )


def _list(name: str, given: Mapping[str, Any], organization: Organization, day: date) -> ListFacts:
    found = []
    for number, row in enumerate(map(filled, given.get("entries", ()))):
        former = tuple(row.get("formerNames", ()))
        entry = ListEntry(
            f"L{number}",
            row.get("name", ""),
            row.get("uscc"),
            former,
            _day(row, "from"),
            _day(row, "to"),
            unread=tuple(row.get("unread", ())),
        )
        match = Match(entry, Relation(row["relation"])) if "relation" in row else _matched(organization, entry)
        if match:
            judgement = Judgement(row["judgement"]) if "judgement" in row else None
            found.append(replace(match, judgement=judgement))
    lost = given.get("lost", 0)
    return ListFacts(name, f"sha256:{name}", _day(given, "retrieved") or day, tuple(found), lost)


def _matched(organization: Organization, entry: ListEntry) -> Match | None:
    words = lexicon()
    found = related(words, query_of(words, organization), entry, THRESHOLD)
    return match_of(found) if found and (found.is_hit or found.score >= THRESHOLD) else None


def _day(row: Mapping[str, Any], key: str) -> date | None:
    return date.fromisoformat(str(row[key])) if row.get(key) else None


def records(data: Any, changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return documents that support a dossier, as extraction records, with changes.

    `registration`, `certificate N`, `insurance N` of line N, `declaration KIND`, `audit`: other values of the fields, null
    for none; `more`: records as read.
    """
    found = [_registration(data, changes.get("registration", {}))]
    found += [_declaration(data, kind, changes.get(f"declaration {kind}", {})) for kind in DECLARED]
    found.append(_audit(data, changes.get("audit", {})))
    for number, one in enumerate(data["roster"]):
        found.append(_certificate(number, one, changes.get(f"certificate {number}", {})))
        found.append(_insurance(number, one, changes.get(f"insurance {number}", {})))
    more = [_record(f"more-{n}", **filled(one)) for n, one in enumerate(changes.get("more", ()))]
    return [record for record in (*found, *more) if record is not None]


def _record(
    sha256: str, kind: str, fields: Mapping[str, Any], rows: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    box = [0.1, 0.1, 0.2, 0.2]
    read = {"page": 1, "box": box, "method": "text", "confidence": 1.0, "group": 0}
    return {
        "sha256": sha256,
        "kind": kind,
        "fields": [{"field": name, "value": value, "text": str(value), **read} for name, value in fields.items()],
        "groups": [{"group": 0, "kind": kind, "page": 1}],
        "rows": [{**row, "text": " ".join(map(str, row.values())), **read} for row in rows],
    }


def _registration(data: Any, changes: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if changes is None:
        return None
    organization, registration = data["organization"], data["organization"]["registration"]
    fields = {
        "name": organization["name"],
        "uscc": organization["identifier"]["id"],
        "authority": registration["authority"],
        "validFrom": registration["validFrom"],
        "validTo": registration["validTo"],
    }
    return _record("registration", "registration_certificate", {**fields, **filled(changes)})


def _declaration(data: Any, kind: str, changes: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if changes is None:
        return None
    fields = {"kind": kind, "organization": data["organization"]["name"], "signedOn": "2017-05-02"}
    return _record(f"declaration-{kind}", "declaration", {**fields, **filled(changes)})


def _audit(data: Any, changes: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if changes is None:
        return None
    fields = {"organization": data["organization"]["name"], "year": 2016, "opinion": "unqualified"}
    return _record("audit", "audit_report", {**fields, **filled(changes)})


def _certificate(number: int, one: Mapping[str, Any], changes: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if changes is None or not one["certificates"]:
        return None
    held = one["certificates"][0]
    fields = {
        "name": one["name"],
        "residentId": one["residentId"],
        "level": held["level"],
        "number": held["number"],
        "approvedOn": held["approvedOn"],
    }
    return _record(f"certificate-{number}", "social_worker_certificate", {**fields, **filled(changes)})


def _insurance(number: int, one: Mapping[str, Any], changes: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if changes is None or not isinstance(one["socialInsurance"], Mapping):
        return None
    paid = one["socialInsurance"]
    row = {"name": one["name"], "residentId": one["residentId"], "from": paid["from"], "to": paid["to"]}
    read = {"payer": paid["payer"], **row, **filled(changes)}
    return _record(f"insurance-{number}", "social_insurance", {"payer": read.pop("payer")}, [read])


def screened(case: Mapping[str, Any]) -> tuple[Screening, Facts, Policy]:
    """Return the screening of a case."""
    rules = policy(case.get("policy", "suzhou-current"), case.get("rules"))
    day = case.get("as-of", AS_OF)
    data = dossier(case.get("roster"), case.get("dossier"))
    own = facts_of(data)
    others = [facts_of(dossier(roster, case.get("other dossier"))) for roster in case.get("others", ())]
    shared = shared_facts([own, *others], rules, day)[0] if others else NOTHING_SHARED
    asked = "documents" in case or case.get("assurance") == "documented"
    read = documented(records(data, case.get("documents") or {})) if asked else documented([])
    facts = Facts(
        own,
        day,
        Assurance(case.get("assurance", "documented" if asked else "declared")),
        credit(own.organization, case.get("lists", {}), rules, rules.credit.cut_off or day),
        shared,
        read.documents,
    )
    return screen(facts, rules), facts, rules
