"""Accuracy over generated documents: how many values are correct, missing, wrong, and wrong in a file with status
extracted.

python -m corpus.accuracy [--seeds N] [--pictures | --phone | --drawn | --prints | --others] [--verbose] (with tests/ on
the path)
"""

import argparse
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from app.evidence.reading.extraction import extract
from tests.making.corpus import (
    damage,
    forms,
    insurance,
    other_layouts,
    papers,
    phone,
    prints,
    registrations,
    reports,
    workers,
)
from tests.making.corpus.drawing import Paper, Truth, as_pdf, as_picture
from tests.making.corpus.invented import Inventor

LAYOUTS = (*registrations.LAYOUTS, *papers.LAYOUTS)
DRAWN = (forms.registration, workers.worker, insurance.insurance, reports.audit, reports.annual, reports.declared)


@dataclass
class Tally:
    counts: Counter[str] = field(default_factory=Counter)
    log: list[tuple[str, str, Any, Any]] = field(default_factory=list)

    def add(self, where: str, name: str, want: Any, got: Any, *, right: bool, sure: bool) -> None:
        outcome = "right" if right else "missing" if got in (None, "", []) else "wrong"
        self.counts[outcome] += 1
        self.counts["confident"] += outcome == "wrong" and sure
        if not right:
            self.log.append((where, name, want, got))

    @property
    def rate(self) -> float:
        total = sum(self.counts[k] for k in ("right", "missing", "wrong"))
        return 100 * self.counts["right"] / total if total else 100.0


def plain(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "capital":
        return Decimal(str(value))
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value)))
    return re.sub(r"[^\w]", "", text) if name in ("businessScope", "issuer") else text


def same(name: str, want: Any, got: Any) -> bool:
    if name == "opinion" or not isinstance(want, str) or got is None:
        return bool(want == got)
    return bool(plain(name, want) == plain(name, got))


def judge(
    paper: Paper,
    record: dict[str, Any],
    tally: Tally,
    where: str,
    matrix: Any = None,
    size: tuple[int, int] | None = None,
) -> None:
    """Compare a record with the truth of one document; equal names are matched as a set."""
    sure = record["status"] == "extracted"
    tally.add(where, "(kind)", paper.kind, record["kind"], right=record["kind"] == paper.kind, sure=sure)
    left = list(record["fields"])
    for truth in paper.truth:
        mine = [f for f in left if f["field"] == truth.field]
        hit = next((f for f in mine if same(truth.field, truth.value, f["value"])), None)
        chosen = hit or (mine[0] if mine else None)
        if chosen:
            left.remove(chosen)
        tally.add(
            where, truth.field, truth.value, chosen["value"] if chosen else None, right=hit is not None, sure=sure
        )
        if hit and matrix is None:
            tally.counts["boxes"] += 1
            tally.counts["boxes right"] += _inside(hit["box"], truth)
    known = {t.field for t in paper.truth} | {"openEnded"}
    for extra in left:
        if extra["value"] is not None and (
            extra["field"] not in known or extra["field"] not in [t.field for t in paper.truth]
        ):
            tally.add(where, extra["field"], None, extra["value"], right=False, sure=sure)
    for index, row in enumerate(paper.rows):
        got = record["rows"][index] if index < len(record["rows"]) else {}
        for key, want in row.items():
            tally.add(where, f"row.{key}", want, got.get(key), right=want == got.get(key), sure=sure)


def _inside(box: list[float], truth: Truth) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return truth.box[0] <= x <= truth.box[2] and truth.box[1] <= y <= truth.box[3]


def whole(drawn: Paper | list[Paper]) -> tuple[list[Paper], Paper]:
    """Return the pages drawn, and one document with the truth of all."""
    pages = drawn if isinstance(drawn, list) else [drawn]
    known = Paper(kind=pages[0].kind, width=pages[0].width, height=pages[0].height)
    known.truth = [t for page in pages for t in page.truth]
    known.rows = [row for page in pages for row in page.rows]
    return pages, known


def drawn(seeds: range) -> Iterator[tuple[str, Paper, bytes]]:
    """Yield documents drawn from the seed except for their kind, as PDFs with a text layer."""
    for seed in seeds:
        for number, layout in enumerate(DRAWN):
            pages, known = whole(layout(Inventor(seed * 211 + number)))
            yield f"{layout.__name__}/{seed}", known, as_pdf(pages)


def others(seeds: range) -> Iterator[tuple[str, Paper, bytes]]:
    """Yield layouts that the readers were not written against, as PDFs with a text layer."""
    for seed in seeds:
        for number, layout in enumerate(other_layouts.OTHERS):
            pages, known = whole(layout(Inventor(seed * 613 + number)))
            yield f"{layout.__name__}/{seed}", known, as_pdf(pages)


def printed(seeds: range) -> Iterator[tuple[str, Paper, bytes]]:
    """Yield typesettings of print engines, as PDFs with a text layer."""
    for seed in seeds:
        for number, layout in enumerate(prints.PRINTS):
            paper = layout(Inventor(seed * 503 + number))
            yield f"{layout.__name__}/{seed}", paper, as_pdf([paper])


def texts(seeds: range) -> Iterator[tuple[str, Paper, bytes]]:
    """Yield every layout as a PDF with a text layer, upright and turned."""
    for seed in seeds:
        for layout in LAYOUTS:
            paper = layout(Inventor(seed * 101 + LAYOUTS.index(layout)))
            yield f"{layout.__name__}/{seed}", paper, as_pdf([paper], rotate=0)


SCANS = (*damage.EASY, *damage.HARD)


def pictures(seeds: range, every: Sequence[damage.Harm] = SCANS) -> Iterator[tuple[str, Paper, bytes]]:
    """Yield layouts as damaged pictures; damage, font and resolution rotate."""
    for seed in seeds:
        for number, layout in enumerate((*LAYOUTS, *DRAWN)):
            paper = whole(layout(Inventor(seed * 307 + number)))[0][0]
            paper.rows = [r for r in paper.rows if any(r["residentId"] == text for _, _, _, text in paper.texts)]
            harm = every[(seed * 5 + number) % len(every)]
            picture, _ = harm(
                as_picture(paper, dpi=(150, 200, 170)[(seed + number) % 3], font=seed + number),
                np.random.default_rng(seed * 100 + number),
            )
            buffer = io.BytesIO()
            picture.save(buffer, "PNG")
            yield f"{layout.__name__}/{harm.__name__}/{seed}", paper, buffer.getvalue()


def run(cases: Iterator[tuple[str, Paper, bytes]]) -> dict[str, Tally]:
    """Return a tally for each name up to the seed, and one of everything under `all`."""
    tallies: dict[str, Tally] = {"all": Tally()}
    for where, paper, data in cases:
        record = extract(data, where).as_json()
        layout, *harm, _ = where.split("/")
        for key in ("all", f"layout {layout}", *(f"damage {h}" for h in harm)):
            judge(paper, record, tallies.setdefault(key, Tally()), where)
    return tallies


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--phone", action="store_true")
    parser.add_argument("--drawn", action="store_true")
    parser.add_argument("--prints", action="store_true")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    seeds = range(args.first, args.first + args.seeds)
    cases = (
        pictures(seeds)
        if args.pictures
        else pictures(seeds, phone.PHONE)
        if args.phone
        else (others if args.others else printed if args.prints else drawn if args.drawn else texts)(seeds)
    )
    for name, tally in sorted(run(cases).items()):
        counts = tally.counts
        boxes = f", boxes {counts['boxes right']}/{counts['boxes']}" if counts["boxes"] else ""
        found = ", ".join(f"{word} {counts[word]}" for word in ("right", "missing", "wrong"))
        print(f"{name:<44} {tally.rate:6.2f} %  {found}, wrong but confident {counts['confident']}{boxes}")
        if args.verbose and name != "all":
            for entry in tally.log:
                print("      ", *entry)


if __name__ == "__main__":
    main()
