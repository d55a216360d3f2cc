"""Invented trails of several tenders, in memory: chains, checkpoints as the service makes them, and the export."""

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.platform.audit.checkpoints import News, Place, body_of
from app.platform.audit.offline.hashing import GENESIS, canonical, event_hash, event_line, head_of, row_hash, row_line
from app.platform.audit.signing import Signer

START = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)
SEALED = "opn_0007"


@dataclass
class Trail:
    """An export as a list of lines, the position of each event in it, and the sink's content."""

    lines: list[bytes]
    sink: list[tuple[int | None, bytes]]
    signer: Signer
    place: dict[tuple[str, int], int]  # chain and sequence → index in lines
    length: dict[str, int]
    told: dict[str, list[int]]  # sequences of each chain that a checkpoint states, ascending
    rows: dict[tuple[str, int], int]  # chain and sequence of the event that binds a row → its index in lines
    first_checkpoint: int = 1

    @property
    def keys(self):
        return {self.signer.key_id: self.signer.public}


def row(chain, number):
    """Every fifth event writes a bid."""
    content = {"id": f"bid_{number:06d}", "price": f"{900_000 + number}.00"}
    return {"table": "bid", "id": content["id"], "chain": chain, "content": content}


def body(chain, sequence, previous, number=0):
    return {
        "chain": chain,
        "sequence": sequence,
        "id": f"aud_{chain}_{sequence:06d}",
        "occurredAt": (START + timedelta(seconds=sequence)).isoformat(timespec="microseconds"),
        "event": "officer:qualification:change",
        "actor": {"id": f"key_{number % 7}", "role": "officer"},
        "requestId": f"r{number}",
        "subject": f"qua_{number}",
        "before": {"state": "pending"},
        "after": {"state": "active", "reason": "证件110101********0732已核", "number": number},
        "rows": [] if number % 5 else [["bid", f"bid_{number:06d}", row_hash(row(chain, number))]],
        "previousHash": previous,
    }


def trail(seed=1, tenders=3, events=220, every=35) -> Trail:
    """Generate this many tenders with about this many events each, and one opening that is closed at the end."""
    chance = random.Random(seed)
    signer = Signer(bytes([seed % 256] * 32))
    names = ["instance", *(f"ten_{number:04d}" for number in range(tenders)), SEALED]
    chains = {name: [] for name in names}
    bound = []
    heads = dict.fromkeys(names, (0, GENESIS))
    told, checkpoints, opened, before = {}, [], [], None
    steps = [name for name in names for _ in range(chance.randint(events - 20, events + 20))]
    chance.shuffle(steps)
    for step, name in enumerate(steps, 1):
        sequence, previous = heads[name][0] + 1, heads[name][1]
        made = body(name, sequence, previous, step)
        chains[name].append(event_line(made, event_hash(made)))
        heads[name] = (sequence, event_hash(made))
        if made["rows"]:
            bound.append((name, sequence, row_line(row(name, step))))
        last = step == len(steps)
        if step % every == 0 or last:
            open_now = last or step > len(steps) * 0.8
            changed = {
                name: Place(*head)
                for name, head in heads.items()
                if head[0] and told.get(name) != Place(*head) and (name != SEALED or open_now)
            }
            sealed = {} if open_now else {SEALED: (Place(*heads[SEALED]), chance.randbytes(32).hex())}
            told.update(changed)
            number = len(checkpoints) + 1
            news = body_of(number, before, News(changed, sealed), told, START + timedelta(seconds=step))
            before = signer.line({**news, "keyId": signer.key_id})
            checkpoints.append(before)
            for chain, (place, nonce) in sealed.items():
                one = {"number": number, "chain": chain, "sequence": place.sequence, "hash": place.hash, "nonce": nonce}
                opened.append(canonical({"opened": one}))
    return _written(chains, checkpoints, opened, signer, bound)


def _written(chains, checkpoints, opened, signer, bound):
    lines = [canonical({"export": head_of(signer.public)}), *checkpoints, *opened]
    place = {}
    for name in sorted(chains):
        for sequence, line in enumerate(chains[name], 1):
            place[name, sequence] = len(lines)
            lines.append(line)
    count = sum(map(len, chains.values()))
    rows = {}
    for name, sequence, line in sorted(bound, key=lambda one: json.loads(one[2])["row"]["id"]):
        rows[name, sequence] = len(lines)
        lines.append(line)
    lines.append(
        canonical({"end": {"chains": len(chains), "checkpoints": len(checkpoints), "events": count, "rows": len(rows)}})
    )
    sink = [(number, line) for number, line in enumerate(checkpoints, 1)]
    length = {name: len(chain) for name, chain in chains.items()}
    return Trail(lines, sink, signer, place, length, _told(checkpoints, opened), rows)


def _told(checkpoints, opened):
    told = {}
    for line in checkpoints:
        for chain, sequence, _ in json.loads(line)["checkpoint"]["heads"]:
            told.setdefault(chain, set()).add(sequence)
    for line in opened:
        one = json.loads(line)["opened"]
        told.setdefault(one["chain"], set()).add(one["sequence"])
    return {chain: sorted(places) for chain, places in told.items()}
