"""The acts that are killed and starved: what each sends, and how it is seen afterwards whether it was done once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from proof.instances import Instance
from proof.outcome import Outcome
from proof.worlds import FILE, World, Worlds

KEY = {"Idempotency-Key": "proof-1"}
Answer = httpx2.Response


@dataclass
class Ledger:
    """What was acknowledged: for each read, what it must show from then on."""

    reads: list[tuple[str, str, Any]] = field(default_factory=list)  # key, path, expected

    def note(self, key: str, path: str, expected: Any) -> None:
        """Keep what a read must show."""
        self.reads.append((key, path, expected))

    def verify(self, instance: Instance, outcome: Outcome, told: str) -> None:
        """Every acknowledged write is there, and equal."""
        for key, path, expected in self.reads:
            with instance.client(key) as client:
                answer = client.get(path)
            shown = answer.content if isinstance(expected, bytes) else _part(answer, expected)
            outcome.require(
                answer.status_code == 200 and shown == expected,
                f"{told}: acknowledged but lost: {path} {answer.status_code}",
            )


def _part(answer: Answer, expected: Any) -> Any:
    """The part of an answer that is compared: the named fields of the object, or of the item with that id."""
    if answer.status_code != 200 or not isinstance(expected, dict):
        return None
    body = answer.json()
    found = next((one for one in body["items"] if one.get("id") == expected.get("id")), {}) if "items" in body else body
    return {name: found.get(name) for name in expected}


@dataclass(frozen=True)
class Act:
    """One act over HTTP on the world of a stage."""

    name: str
    stage: str
    send: Callable[[Instance, dict[str, Any]], Answer]
    note: Callable[[dict[str, Any], dict[str, Any], Ledger], None]
    count: Callable[[Instance, dict[str, Any]], int]  # how often it has happened: 1 at the end


def _post(who: str, path: str, **fixed: Any) -> Callable[[Instance, dict[str, Any]], Answer]:
    def send(instance: Instance, facts: dict[str, Any]) -> Answer:
        with instance.client(facts[who]) as client:
            body = fixed["body"](facts) if "body" in fixed else None
            return client.post(path.format(**facts), json=body, headers=KEY)

    return send


def upload(instance: Instance, facts: dict[str, Any], content: bytes = FILE.encode() * 40) -> Answer:
    """Upload two files of a bidder."""
    files = [("files", ("a.csv", content)), ("files", ("b.txt", content[:-30]))]
    with instance.client(facts["first_key"], timeout=150) as client:
        return client.post(
            "/documents", files=files, data={"organizationId": facts["first"], "kind": "roster"}, headers=KEY
        )


def submit(instance: Instance, facts: dict[str, Any]) -> Answer:
    """Submit the envelope of a fourth bidder."""
    files = {"file": ("bid.age", facts["envelope"], "application/octet-stream")}
    with instance.client(facts["late_key"]) as client:
        return client.post(
            f"/tenders/{facts['tender']}/envelopes", files=files, data={"lotId": facts["lot"]}, headers=KEY
        )


def _items(who: str, path: str, **wanted: Any) -> Callable[[Instance, dict[str, Any]], int]:
    def count(instance: Instance, facts: dict[str, Any]) -> int:
        with instance.client(facts[who]) as client:
            items = client.get(path.format(**facts)).raise_for_status().json()["items"]
        return sum(all(one.get(name) in value for name, value in wanted.items()) for one in items)

    return count


def _note_upload(facts: dict[str, Any], body: dict[str, Any], ledger: Ledger) -> None:
    for row, content in zip(body["documents"], (FILE.encode() * 40, (FILE.encode() * 40)[:-30]), strict=True):
        ledger.note(facts["first_key"], f"/documents/{row['id']}/content", content)


def _note_envelope(facts: dict[str, Any], body: dict[str, Any], ledger: Ledger) -> None:
    shown = {name: body[name] for name in ("id", "sha256", "receivedAt", "receipt") if name in body}
    ledger.note(facts["late_key"], f"/tenders/{facts['tender']}/envelopes", shown)


def _note(path: str, *names: str, who: str = "officer") -> Callable[[dict[str, Any], dict[str, Any], Ledger], None]:
    def note(facts: dict[str, Any], body: dict[str, Any], ledger: Ledger) -> None:
        shown = {name: body[name] for name in names} if names else body
        ledger.note(facts[who], path.format(**{**facts, **body}), shown)

    return note


def _uploaded(instance: Instance, facts: dict[str, Any]) -> int:
    whole = _items("first_key", "/documents?organizationId={first}&limit=100")(instance, facts)
    return (whole - 1) // 2 if whole % 2 else -whole  # one document was there before; two come with the act


ACTS = {
    act.name: act
    for act in (
        Act("upload", "tendering", upload, _note_upload, _uploaded),
        Act("envelope", "tendering", submit, _note_envelope, _items("late_key", "/tenders/{tender}/envelopes")),
        Act("opening", "closed", _post("officer", "/tenders/{tender}/opening", body=lambda facts: facts["open"]),
            _note("/tenders/{tender}/opening", "record", "drawSeed"),
            lambda instance, facts: 1 if _items("officer", "/tenders/{tender}/bids")(instance, facts) == 3 else 0),
        Act("screening", "opened",
            _post("officer", "/screenings", body=lambda facts: {"dossier": facts["dossier"], "asOf": "2026-05-20"}),
            _note("/screenings/{id}", "id", "verdict", "resultHash"), _items("officer", "/screenings?limit=100", tender=(None,))),
        Act("scoring", "evaluation",
            _post("officer", "/lots/{lot}/score-sheets", body=lambda facts: {"member": "expert-1", "scores": facts["scores"]}),
            _note("/lots/{lot}/score-sheets", "id", "scores"), _items("officer", "/lots/{lot}/score-sheets")),
        Act("award", "ranked", _post("officer", "/tenders/{tender}/awards", body=lambda facts: {"scenario": facts["scenario"]}),
            lambda facts, body, ledger: ledger.note(facts["officer"], f"/tenders/{facts['tender']}/awards",
                                                    {name: body["items"][0][name] for name in ("id", "price")}),
            _items("officer", "/tenders/{tender}/awards", state=("active", "pending"))),
    )
}  # fmt: skip


def world_of(act: Act, worlds: Worlds) -> World:
    """Return a copy of the world for one round of an act."""
    return worlds.copy(act.stage)
