"""Verify a whole export."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.platform.audit.offline.events import Events
from app.platform.audit.offline.hashing import EXPORT, FORMAT, head_of, key_id
from app.platform.audit.offline.lines import (
    CHECKPOINT,
    END,
    EVENT,
    HEAD,
    OPENED,
    ROW,
    SECTIONS,
    Break,
    Link,
    digest,
    examine,
    examine_checkpoint,
    plain,
    text_value,
    whole_number,
)
from app.platform.audit.offline.rows import Rows
from app.platform.audit.offline.witness import Look, Named, Witness


@dataclass(frozen=True, slots=True)
class Report:
    """The counts and the breaks found. `unwitnessed` events came after the last checkpoint of their chain."""

    chains: int
    events: int
    checkpoints: int
    unwitnessed: int
    sealed: tuple[str, ...]
    breaks: tuple[Break, ...]
    rows: int = 0

    @property
    def intact(self) -> bool:
        """Whether no break was found."""
        return not self.breaks


def verify(
    lines: Iterable[bytes],
    keys: Mapping[str, Ed25519PublicKey],
    witnessed: Iterable[Named] | None = None,
    *,
    examined: Callable[[bytes], Link | None] = examine,
    looked: Look | None = None,
) -> Report:
    """Verify an export, line by line without line ends, against trusted keys and the sink's checkpoints.

    Without `witnessed` only the checkpoints in the export itself are used: whoever truncated the export may have
    truncated those.
    """
    look = looked or (lambda line: examine_checkpoint(line, keys))
    events, rows, witness = Events(), Rows(), Witness(look)
    own, broken = list[bytes](), list[Break]()
    opened: dict[tuple[int, str], tuple[int, str, str]] = {}
    section = number = -1
    ended: dict[str, Any] | None = None
    for number, line in enumerate(lines, 1):
        if section == EVENT and line.startswith(SECTIONS[EVENT]):
            events.push(examined(line))
            continue
        kind = next((one for one, prefix in enumerate(SECTIONS) if line.startswith(prefix)), max(section, 0))
        fault = "order" if kind < section or (section in (HEAD, END) and kind == section) else None
        section = max(section, kind)
        if kind == EVENT:
            events.push(examined(line))
        elif kind == CHECKPOINT:
            own.append(line)
        elif kind == OPENED:
            fault = fault or _open(line, opened)
        elif kind == ROW:
            fault = rows.push(line) or fault
        elif kind == HEAD:
            fault = fault or (None if _known_head(plain(line), keys) else "head")
        else:
            ended = (plain(line) or {}).get("end")
        if fault:
            broken.append(Break(EXPORT, number, number, fault, "this line is not as the service writes it"))
    events.close(whole=ended is not None)
    counted = {"chains": len(events.chains), "checkpoints": len(own), "events": events.count, "rows": len(rows.found)}
    if ended != counted:
        broken.append(Break(EXPORT, number, number, "end", "the last line does not match the content of the file"))
    witness.add(EXPORT, ((None, line) for line in own))
    if witnessed is not None:
        witness.add("sink", witnessed)
    witness.settle()
    heads = witness.heads(opened, events.chains)
    breaks = (*events.judged(heads.told), *rows.judged(events.bound), *witness.breaks, *broken)
    newest = {chain: told[-1][0] for chain, told in heads.told.items()}
    loose = sum(max(0, chain.last - newest.get(name, 0)) for name, chain in events.chains.items())
    counts = (len(events.chains), events.count, len(witness.told), loose)
    return Report(*counts, tuple(sorted(heads.sealed)), breaks, len(rows.found))


def _open(line: bytes, opened: dict[tuple[int, str], tuple[int, str, str]]) -> str | None:
    try:
        one = (plain(line) or {})["opened"]
        place = whole_number(one["number"]), text_value(one["chain"])
        fault = "order" if opened and place <= max(opened) else None
        opened[place] = whole_number(one["sequence"]), digest(one["hash"]), digest(one["nonce"])
    except (KeyError, TypeError, ValueError):
        return "opened"
    return fault


def _known_head(value: dict[str, Any] | None, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    head = (value or {}).get("export")
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        return False
    key = keys.get(str(head.get("keyId")))
    return key is not None and head == head_of(key)


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of an export."""
    with path.open("rb") as export:
        for line in export:
            yield line.removesuffix(b"\n")


def public_keys(paths: Iterable[Path]) -> dict[str, Ed25519PublicKey]:
    """Return trusted keys (PEM) by id. ValueError where a file holds none."""
    keys = {}
    for path in paths:
        key = load_pem_public_key(path.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("an Ed25519 public key is expected")  # noqa: TRY004  a file of another content
        keys[key_id(key)] = key
    return keys
