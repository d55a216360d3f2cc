"""Give arbitrary and damaged bytes to every parser of untrusted bytes that runs in the service or in a command.

    python -m proof.parsers [--examples N]

Each parser may refuse with its own error and with no other; each answers within a second.
"""

import argparse
import io
import sys
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.administration.backup.archive import ArchiveBroken, verified
from app.core.bids.reading import Place, read
from app.core.bids.sealing import SealRefused, read_contents
from app.evidence.reading.limits import Limits
from app.evidence.reading.media import media_type
from app.evidence.reading.rosters.importer import read_roster
from app.platform.problems import Invalid, Problem
from app.platform.web.bodies import _check
from app.platform.web.paging import PageRequest
from app.tendering.envelopes import age
from app.tendering.envelopes.ceremony import _tender_key
from app.tendering.envelopes.sealing import Offer
from app.tendering.envelopes.sealing import sealed as seal
from proof.databases import workshop
from proof.outcome import Outcome
from proof.worlds import FILE, LISTED

SLOW = 10.0
IDENTITY, RECIPIENT = age.new_identity()
DEEP = b"[" * 100_000


@dataclass(frozen=True)
class Parser:
    """A function of bytes, the errors that it may raise, and valid inputs to damage."""

    name: str
    parse: Callable[[bytes], object]
    refuses: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]


def workbook() -> bytes:
    """Return a roster as XLSX."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(FILE.splitlines()):
            sheet.write_row(row, 0, line.split(","))
    return out.getvalue()


def archive() -> bytes:
    """Return a small tar as `backup` writes it, without a right manifest."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in ("database/database.sqlite3", "manifest.json"):
            info = tarfile.TarInfo(name)
            info.size = 2
            tar.addfile(info, io.BytesIO(b"{}"))
    return out.getvalue()


def parsers(folder: Path) -> list[Parser]:
    """Return every parser."""
    offer = Offer("ten_1", "lot_1", "org_1", price="980000.00")
    sealed = seal(offer, RECIPIENT)
    place = Place("ten_1", "lot_1", "org_1")
    bounds = Limits(sheet_bytes=1 << 22) if "sheet_bytes" in Limits.__dataclass_fields__ else Limits()

    def tar(data: bytes) -> object:
        (folder / "x.tar").write_bytes(data)
        return verified(folder / "x.tar")

    def cursor(data: bytes) -> object:
        return PageRequest(10, data.decode("latin-1"), b"k" * 32, "list")._after()

    return [
        Parser("envelope (age)", lambda data: age.unseal(data, IDENTITY), (SealRefused,), (sealed.envelope,)),
        Parser("contents of an envelope", read_contents, (SealRefused,), (sealed.contents, DEEP)),
        Parser("bid", lambda data: read(data, place), (), (sealed.contents, DEEP)),
        Parser("tender key", _tender_key, (SealRefused,), (b'{"identity": "x", "drawSecret": "y"}', DEEP)),
        Parser("roster, XLSX", lambda data: read_roster(data, "r.xlsx", bounds), (), (workbook(),)),
        Parser(
            "roster, CSV", lambda data: read_roster(data, "r.csv", bounds), (), (FILE.encode(), LISTED.encode("gbk"))
        ),
        Parser("media type", media_type, (), (workbook(), FILE.encode(), sealed.envelope)),
        Parser("JSON body", _check, (Problem,), (b'{"a": [1, {"b": "c"}]}', DEEP)),
        Parser("cursor", cursor, (Invalid,), (b"abcd",)),
        Parser("archive", tar, (ArchiveBroken,), (archive(),)),
    ]


def damaged(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Arbitrary bytes, and seeds in which some pieces were replaced."""

    @st.composite
    def strategy(draw: st.DrawFn) -> bytes:
        made = bytearray(draw(st.sampled_from(seeds)))
        for _ in range(draw(st.integers(0, 4))):
            place = draw(st.integers(0, len(made)))
            made[place : place + draw(st.integers(0, 64))] = draw(st.binary(max_size=64))
        return bytes(made)

    return st.one_of(strategy(), st.binary(max_size=512))


def tried(parser: Parser, examples: int, outcome: Outcome) -> None:
    """Give it so many inputs."""

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=False, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(damaged(parser.seeds))
    def run(data: bytes) -> None:
        began = time.monotonic()
        try:
            parser.parse(data)
        except parser.refuses:
            outcome.figures["refused"] += 1
        except Exception as error:  # noqa: BLE001  the breach that is looked for
            outcome.breach(f"{parser.name}: {type(error).__name__} {str(error)[:120]} for {data[:60]!r}")
        outcome.figures["inputs"] += 1
        seconds = time.monotonic() - began
        outcome.highest("slowest s", seconds)
        outcome.require(seconds <= SLOW, f"{parser.name}: {seconds:.1f} s for {data[:60]!r}")

    run()


def main(words: list[str] | None = None) -> int:
    """Run the proof."""
    options = argparse.ArgumentParser(prog="proof.parsers")
    options.add_argument("--examples", type=int, default=20_000)
    asked = options.parse_args(words)
    outcome = Outcome("parsers")
    with workshop() as folder:
        for parser in parsers(folder):
            for seed in parser.seeds:
                try:
                    parser.parse(seed)
                except parser.refuses:
                    outcome.figures["refused"] += 1
                except Exception as error:  # noqa: BLE001
                    outcome.breach(f"{parser.name}: {type(error).__name__} for {seed[:40]!r}")
            tried(parser, asked.examples, outcome)
            outcome.figures["parsers"] += 1
    return outcome.end()


if __name__ == "__main__":
    sys.exit(main())
