"""Kinds of tampering with an export or a sink, each with the place where it must be detected."""

import json
from dataclasses import dataclass

from app.platform.audit.offline.hashing import (
    CHECKPOINTS,
    EXPORT,
    canonical,
    event_hash,
    event_line,
    heads_root,
    row_hash,
    row_line,
)
from app.platform.audit.signing import Signer
from tests.making.trails.made import SEALED

KINDS = {}
STRANGER = Signer(b"\xee" * 32)


@dataclass
class Tampered:
    """The verifier's input, and where it must report a break: one of `places` (chain, first, last)."""

    lines: list[bytes]
    sink: list[tuple[int | None, bytes]]
    places: list[tuple[str, int, int]]


def kind(make):
    KINDS[make.__name__] = make
    return make


def pick(chance, trail, least=1, spare=0):
    """Pick a chain and one of its places that is followed by `spare` more."""
    chain = chance.choice([name for name, length in trail.length.items() if length - spare >= least])
    return chain, chance.randint(least, trail.length[chain] - spare)


def counted(lines):
    """Return the last line as a tamperer would write it."""
    events = [line for line in lines if line.startswith(b'{"event":')]
    chains = {line[line.index(b'"chain":"') + 9 :].partition(b'"')[0] for line in events}
    checkpoints = sum(line.startswith(b'{"checkpoint":') for line in lines)
    end = {"chains": len(chains), "checkpoints": checkpoints, "events": len(events)}
    end["rows"] = sum(line.startswith(b'{"row":') for line in lines)
    return [*lines[:-1], canonical({"end": end})]


def flipped(chance, line):
    at = chance.randrange(len(line))
    return line[:at] + bytes([(line[at] + chance.randint(1, 255)) % 256]) + line[at + 1 :]


def edited(chance, value):
    """Return the body of an event with other content."""
    changed = json.loads(json.dumps(value))
    match chance.randrange(6):
        case 0:
            changed["after"]["number"] += 1
        case 1:
            changed["actor"]["id"] = "key_other"
        case 2:
            changed["before"] = None
        case 3:
            changed["occurredAt"] = "2026-05-19T00:00:00.000000+00:00"
        case 4:
            changed["subject"] = "qua_other"
        case 5:
            changed["event"] = "officer:qualification:create"
    return changed


def event_of(trail, chain, sequence):
    return json.loads(trail.lines[trail.place[chain, sequence]])


def rewritten(trail, chain, first, last, change):
    """Rewrite links `first` to `last` with recomputed hashes: `change` is given each body."""
    lines, previous = list(trail.lines), event_of(trail, chain, first)["event"]["previousHash"]
    for sequence in range(first, last + 1):
        body = {**change(event_of(trail, chain, sequence)["event"]), "previousHash": previous}
        previous = event_hash(body)
        lines[trail.place[chain, sequence]] = event_line(body, previous)
    return lines


@kind
def byte_of_an_event(chance, trail):
    chain, sequence = pick(chance, trail)
    lines, at = list(trail.lines), trail.place[chain, sequence]
    lines[at] = flipped(chance, lines[at])
    return Tampered(lines, trail.sink, [(chain, sequence, sequence)])


@kind
def byte_of_a_checkpoint_in_the_export(chance, trail):
    number = chance.randint(1, len(trail.sink))
    lines = list(trail.lines)
    lines[number] = flipped(chance, lines[number])
    return Tampered(lines, trail.sink, [(CHECKPOINTS, number, number)])


@kind
def byte_of_a_checkpoint_in_the_sink(chance, trail):
    number = chance.randint(1, len(trail.sink))
    sink = list(trail.sink)
    named = number if chance.random() < 0.5 else None
    sink[number - 1] = (named, flipped(chance, sink[number - 1][1]))
    return Tampered(trail.lines, sink, [(CHECKPOINTS, number, number)])


@kind
def byte_of_an_opening(chance, trail):
    openings = [at for at, line in enumerate(trail.lines) if line.startswith(b'{"opened":')]
    at = chance.choice(openings)
    lines = list(trail.lines)
    number = json.loads(lines[at])["opened"]["number"]
    lines[at] = flipped(chance, lines[at])
    return Tampered(lines, trail.sink, [(EXPORT, at + 1, at + 1), (SEALED, number, number)])


@kind
def byte_of_the_frame(chance, trail):
    at = chance.choice([0, len(trail.lines) - 1])
    lines = list(trail.lines)
    lines[at] = flipped(chance, lines[at])
    return Tampered(lines, trail.sink, [(EXPORT, at + 1, at + 1), (EXPORT, len(lines), len(lines))])


@kind
def edited_event(chance, trail):
    chain, sequence = pick(chance, trail)
    lines, found = list(trail.lines), event_of(trail, chain, sequence)
    lines[trail.place[chain, sequence]] = event_line(edited(chance, found["event"]), found["hash"])
    return Tampered(lines, trail.sink, [(chain, sequence, sequence)])


@kind
def edited_event_with_its_hash(chance, trail):
    chain, sequence = pick(chance, trail)
    lines = rewritten(trail, chain, sequence, sequence, lambda body: edited(chance, body))
    return Tampered(lines, trail.sink, [(chain, sequence, sequence)])


@kind
def recomputed_to_the_end(chance, trail):
    chain, first = pick(chance, trail)
    lines = rewritten(trail, chain, first, trail.length[chain], lambda body: edited(chance, body))
    return Tampered(lines, trail.sink, [(chain, first, trail.length[chain])])


@kind
def recomputed_in_the_middle(chance, trail):
    chain, first = pick(chance, trail, spare=5)
    last = chance.randint(first, min(first + 40, trail.length[chain] - 1))
    lines = rewritten(trail, chain, first, last, lambda body: edited(chance, body))
    return Tampered(lines, trail.sink, [(chain, first, last)])


@kind
def deleted(chance, trail):
    chain, first = pick(chance, trail, spare=1)
    last = min(first + chance.choice([0, 0, 0, 1, 7]), trail.length[chain] - 1)
    gone = {trail.place[chain, sequence] for sequence in range(first, last + 1)}
    lines = [line for at, line in enumerate(trail.lines) if at not in gone]
    return Tampered(counted(lines), trail.sink, [(chain, first, last)])


@kind
def deleted_and_renumbered(chance, trail):
    chain, first = pick(chance, trail, spare=2)
    lines = list(trail.lines)
    previous = event_of(trail, chain, first)["event"]["previousHash"]
    for sequence in range(first + 1, trail.length[chain] + 1):
        body = {**event_of(trail, chain, sequence)["event"], "sequence": sequence - 1, "previousHash": previous}
        previous = event_hash(body)
        lines[trail.place[chain, sequence]] = event_line(body, previous)
    del lines[trail.place[chain, first]]
    return Tampered(counted(lines), trail.sink, [(chain, first, trail.length[chain])])


@kind
def truncated(chance, trail):
    chain, first = pick(chance, trail, least=2)
    gone = {trail.place[chain, sequence] for sequence in range(first, trail.length[chain] + 1)}
    lines = [line for at, line in enumerate(trail.lines) if at not in gone]
    return Tampered(counted(lines), trail.sink, [(chain, first, trail.length[chain])])


@kind
def missing_chain(chance, trail):
    chain = chance.choice(list(trail.length))
    gone = {at for (name, _), at in trail.place.items() if name == chain}
    lines = [line for at, line in enumerate(trail.lines) if at not in gone]
    return Tampered(counted(lines), trail.sink, [(chain, 1, trail.length[chain])])


@kind
def reordered(chance, trail):
    chain, first = pick(chance, trail, spare=1)
    other = chance.choice([first + 1, chance.randint(first + 1, trail.length[chain])])
    lines = list(trail.lines)
    one, two = trail.place[chain, first], trail.place[chain, other]
    lines[one], lines[two] = lines[two], lines[one]
    return Tampered(lines, trail.sink, [(chain, first, other)])


@kind
def moved_within_the_file(chance, trail):
    chain, sequence = pick(chance, trail)
    lines, at = list(trail.lines), trail.place[chain, sequence]
    first = min(trail.place.values())
    target = chance.choice([place for place in range(first, max(trail.place.values()) + 1) if place != at])
    lines.insert(target, lines.pop(at))
    places = [(chain, sequence, sequence)]
    if abs(target - at) == 1:  # two neighbours swapped: either may be reported as moved
        other = json.loads(trail.lines[target])["event"]
        places.append((other["chain"], other["sequence"], other["sequence"]))
    return Tampered(lines, trail.sink, places)


@kind
def replayed_event(chance, trail):
    chain, sequence = pick(chance, trail)
    lines = list(trail.lines)
    first = min(trail.place.values())
    lines.insert(chance.randint(first, max(trail.place.values()) + 1), lines[trail.place[chain, sequence]])
    return Tampered(counted(lines), trail.sink, [(chain, sequence, sequence)])


@kind
def replayed_as_a_new_event(chance, trail):
    chain, sequence = pick(chance, trail, spare=1)
    last = trail.length[chain]
    lines = list(trail.lines)
    at = trail.place[chain, last]
    tail = event_of(trail, chain, last)["event"]
    again = {**event_of(trail, chain, sequence)["event"], "sequence": last, "previousHash": tail["previousHash"]}
    lines[at] = event_line(again, event_hash(again))
    moved = {**tail, "sequence": last + 1, "previousHash": event_hash(again)}
    lines.insert(at + 1, event_line(moved, event_hash(moved)))
    return Tampered(counted(lines), trail.sink, [(chain, last, last)])


@kind
def older_export(chance, trail):
    """Present a genuine export of an earlier day as today's."""
    number = chance.randint(1, len(trail.sink) - 1)
    heads, later = {}, {}
    for count, (_, line) in enumerate(trail.sink, 1):
        for chain, sequence, _ in json.loads(line)["checkpoint"]["heads"]:
            (heads if count <= number else later)[chain] = sequence
    lines = [
        line
        for at, line in enumerate(trail.lines)
        if not (1 <= at <= len(trail.sink) and at > number)
        and not (line.startswith(b'{"opened":') and SEALED not in heads)
    ]
    keep = {trail.lines[at] for (chain, sequence), at in trail.place.items() if sequence <= heads.get(chain, 0)}
    keep |= {trail.lines[at] for (chain, sequence), at in trail.rows.items() if sequence <= heads.get(chain, 0)}
    lines = [line for line in lines if not line.startswith((b'{"event":', b'{"row":')) or line in keep]
    places = [(chain, heads.get(chain, 0) + 1, last) for chain, last in later.items() if last > heads.get(chain, 0)]
    return Tampered(counted(lines), trail.sink, places)


@kind
def forked_event(chance, trail):
    chain, sequence = pick(chance, trail)
    body = edited(chance, event_of(trail, chain, sequence)["event"])
    lines = list(trail.lines)
    lines.insert(trail.place[chain, sequence] + chance.randint(0, 1), event_line(body, event_hash(body)))
    return Tampered(counted(lines), trail.sink, [(chain, sequence, sequence)])


@kind
def forked_checkpoint(chance, trail):
    """Sign another history under a number that the sink has, with the real key."""
    number = chance.randint(1, len(trail.sink))
    body = json.loads(trail.sink[number - 1][1])["checkpoint"]
    body["madeAt"] = "2026-05-19T00:00:00.000000+00:00"
    if body["heads"] and chance.random() < 0.5:
        body["heads"][0][2] = "f" * 64
    line = trail.signer.line(body)
    lines, sink = list(trail.lines), list(trail.sink)
    if chance.random() < 0.5:
        lines[number] = line
    else:
        sink[number - 1] = (number, line)
    return Tampered(lines, sink, [(CHECKPOINTS, number, number)])


@kind
def swapped_between_tenders(chance, trail):
    chain, other = chance.sample(sorted(trail.length), 2)
    sequence, place = chance.randint(1, trail.length[chain]), chance.randint(1, trail.length[other])
    lines = list(trail.lines)
    one, two = trail.place[chain, sequence], trail.place[other, place]
    lines[one], lines[two] = lines[two], lines[one]
    return Tampered(lines, trail.sink, [(chain, sequence, sequence), (other, place, place)])


@kind
def relabelled_between_tenders(chance, trail):
    """Show an event of one tender in another, at the same place, with a matching hash."""
    chain, other = chance.sample(sorted(trail.length), 2)
    sequence = chance.randint(1, min(trail.length[chain], trail.length[other]))
    lines, foreign = list(trail.lines), event_of(trail, other, sequence)["event"]
    own = event_of(trail, chain, sequence)["event"]
    body = {**foreign, "chain": chain, "previousHash": own["previousHash"]}
    lines[trail.place[chain, sequence]] = event_line(body, event_hash(body))
    return Tampered(lines, trail.sink, [(chain, sequence, sequence)])


@kind
def renamed_chain(chance, trail):
    chain = chance.choice([name for name in trail.length if name.startswith("ten_")])
    lines = rewritten(trail, chain, 1, trail.length[chain], lambda body: {**body, "chain": f"{chain}9"})
    return Tampered(lines, trail.sink, [(chain, 1, trail.length[chain])])


@kind
def another_key(chance, trail):
    """Sign all checkpoints from some point on with another key, under its own name or under the trusted one."""
    number = chance.randint(1, len(trail.sink))
    claims = chance.choice([STRANGER.key_id, trail.signer.key_id])
    lines, sink = list(trail.lines), list(trail.sink)
    for count in range(number, len(sink) + 1):
        body = json.loads(sink[count - 1][1])["checkpoint"]
        line = STRANGER.line({**body, "keyId": claims})
        lines[count], sink[count - 1] = line, (count, line)
    return Tampered(lines, sink, [(CHECKPOINTS, number, number)])


@kind
def removed_checkpoint(chance, trail):
    number = chance.randint(1, len(trail.sink) - 1)
    lines, sink = list(trail.lines), list(trail.sink)
    from_where = chance.randrange(3)
    if from_where != 1:
        del sink[number - 1]
    if from_where != 0:
        del lines[number]
    return Tampered(counted(lines), sink, [(CHECKPOINTS, number, number)])


@kind
def newest_checkpoint_removed_from_the_sink(chance, trail):
    first = chance.randint(max(1, len(trail.sink) - 3), len(trail.sink))
    return Tampered(trail.lines, trail.sink[: first - 1], [(CHECKPOINTS, first, len(trail.sink))])


@kind
def checkpoint_under_another_number(chance, trail):
    one, two = chance.sample(range(1, len(trail.sink) + 1), 2)
    sink = list(trail.sink)
    sink[two - 1] = (two, sink[one - 1][1])
    return Tampered(trail.lines, sink, [(CHECKPOINTS, two, two)])


@kind
def false_root(chance, trail):
    """Sign a last checkpoint that does not cover all heads, with the real key."""
    number = len(trail.sink)
    body = json.loads(trail.sink[-1][1])["checkpoint"]
    body["root"] = heads_root({"instance": (number, "a" * 64)})
    line = trail.signer.line(body)
    lines, sink = list(trail.lines), [*trail.sink[:-1], (number, line)]
    lines[number] = line
    return Tampered(lines, sink, [(CHECKPOINTS, number, number)])


@kind
def opening_withheld_or_false(chance, trail):
    openings = [at for at, line in enumerate(trail.lines) if line.startswith(b'{"opened":')]
    at = chance.choice(openings)
    lines, one = list(trail.lines), json.loads(trail.lines[at])["opened"]
    if chance.random() < 0.5:
        del lines[at]
    else:
        lines[at] = canonical({"opened": {**one, "sequence": one["sequence"] + chance.randint(1, 5)}})
    return Tampered(lines, trail.sink, [(SEALED, one["number"], one["number"])])


@kind
def byte_of_a_row(chance, trail):
    (chain, sequence), at = chance.choice(sorted(trail.rows.items()))
    lines = list(trail.lines)
    lines[at] = flipped(chance, lines[at])
    return Tampered(lines, trail.sink, [(chain, sequence, sequence), (EXPORT, at + 1, at + 1)])


@kind
def changed_price(chance, trail):
    (chain, sequence), at = chance.choice(sorted(trail.rows.items()))
    lines, row = list(trail.lines), json.loads(trail.lines[at])["row"]
    row["content"]["price"] = "1.00"
    lines[at] = row_line(row)
    return Tampered(lines, trail.sink, [(chain, sequence, sequence)])


@kind
def exchanged_rows(chance, trail):
    """Two bids exchange their contents; both keep their id."""
    (one, at), (two, there) = chance.sample(sorted(trail.rows.items()), 2)
    lines, first, second = list(trail.lines), *(json.loads(trail.lines[place])["row"] for place in (at, there))
    first["content"], second["content"] = second["content"], first["content"]
    lines[at], lines[there] = row_line(first), row_line(second)
    return Tampered(lines, trail.sink, [(*one, one[1]), (*two, two[1])])


@kind
def removed_row(chance, trail):
    (chain, sequence), at = chance.choice(sorted(trail.rows.items()))
    lines = [line for place, line in enumerate(trail.lines) if place != at]
    return Tampered(counted(lines), trail.sink, [(chain, sequence, sequence)])


@kind
def invented_row(chance, trail):
    (chain, _), at = chance.choice(sorted(trail.rows.items()))
    lines, row = list(trail.lines), json.loads(trail.lines[at])["row"]
    lines.insert(at + 1, row_line({**row, "id": row["id"] + "x"}))
    return Tampered(counted(lines), trail.sink, [(chain, 0, 0)])


@kind
def changed_price_with_its_event(chance, trail):
    """The row, the event that binds it and the chain to its end fit one another; only the sink says otherwise."""
    (chain, sequence), at = chance.choice(sorted(trail.rows.items()))
    row = json.loads(trail.lines[at])["row"]
    row["content"]["price"] = "1.00"

    def rebound(body):
        return {**body, "rows": [["bid", row["id"], row_hash(row)]]} if body["sequence"] == sequence else body

    lines = rewritten(trail, chain, sequence, trail.length[chain], rebound)
    lines[at] = row_line(row)
    return Tampered(lines, trail.sink, [(chain, sequence, trail.length[chain])])
