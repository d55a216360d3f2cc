"""Group pages into certificates: classify each page, find where one certificate ends and the next begins, read each."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from rapidfuzz import fuzz

from app.evidence.reading.certificates.kind import Finding, Kind, KindReading, Reader, Region, RowFinding
from app.evidence.reading.certificates.kinds import ENOUGH, kind_of, may_be_known
from app.evidence.reading.layout.page import Box, Line, Page
from app.evidence.reading.layout.pieces import Piece, pieces_matching, spans_matching
from app.evidence.reading.record import Extraction
from app.evidence.reading.text.characters import UNKNOWN
from app.evidence.reading.text.values import Read, ends_in_form, organization, resident_id
from app.evidence.reading.text.values import code as credit_code

OTHER = "other"
_WHOLE = ("name", "residentId", "kinds", "from", "to")  # of a row
_NUMBERS: dict[str, tuple[Reader, str]] = {  # by a kind's anchor: numbers that a certificate contains once
    "uscc": (credit_code, "[0-9A-Z]{18}"),
    "name": (resident_id, r"\d{17}[\dX]"),
}
_HEAD_LINES, _TOP_LINES, _SHORTEST_HEAD, _ALIKE = (
    12,
    3,
    10,
    92,
)  # lines searched for headings, minimum length, similarity in %
_TOLD_BY = {  # fields read from a label of another name
    "validity": ("validFrom", "openEnded"),
    "validFrom": ("validFrom", "openEnded"),
    "validTo": ("validTo", "openEnded"),
    "registeredOn": ("issuedOn",),
    "capitalInTenThousands": ("capital",),
    "certificateNumber": ("number",),
}
_FEW_CHARACTERS = 40  # on a page of unknown kind; a certificate has more than 100
_READ_WELL = 0.9  # mean score of a page's characters; legible pages have 0.95 and more
_LABELS_OF_ONE = 3  # labels that a part of a page must have to be a certificate
SURE_SCORE = 0.80  # a value from a picture whose worst character scored less goes to manual review


@dataclass(slots=True)
class Certificate:
    """One certificate of the file: its kind and the regions it takes."""

    kind: Kind
    regions: list[Region] = field(default_factory=list)


def finish(pages: Sequence[Page], out: Extraction) -> None:
    """Read the certificates of all pages into the record; a file without any text goes to manual review."""
    if not any(page.lines for page in pages):
        out.kind = OTHER
        out.doubt("nothing_readable", "no text was found on any page")
        return
    read_certificates(pages, out)


def read_certificates(pages: Sequence[Page], out: Extraction) -> list[tuple[Certificate, KindReading]]:
    """Group the pages into certificates, read each, and note kind, groups, fields and rows in the record."""
    certificates, kinds = group_pages(pages)
    out.kind = Counter(kinds).most_common(1)[0][0] if kinds else OTHER
    for page, kind in zip(pages, kinds, strict=True):
        if kind == OTHER and page.method == "ocr" and may_be_known(page.text):
            out.doubt("low_confidence", f"page {page.number} may be of a known kind, but its title was not read")
        elif page.method == "ocr" and _hardly_read(page, known=kind != OTHER):
            out.doubt("nothing_readable", f"little or nothing of page {page.number} could be read")
    readings = [(c, c.kind.read(c.regions)) for c in certificates]
    if any(page.method == "ocr" for page in pages):
        from app.evidence.reading.certificates.rereading import read_again

        for _, reading in readings:
            read_again(reading)
    _compare_codes(readings, out)
    for certificate, reading in readings:
        certificate.kind.check(reading)
        _doubt_second_number(certificate, reading)
        _doubt_bare_labels(certificate, reading)
        reading.findings = [_known(f) for f in reading.findings]
    for number, (certificate, reading) in enumerate(readings):
        out.groups.append({"group": number, "kind": certificate.kind.name, "page": certificate.regions[0].page.number})
        _note(reading, certificate, number, out)
    return readings


def _hardly_read(page: Page, *, known: bool) -> bool:
    """Whether so little of a picture was read, or so badly, that its content is unknown."""
    scores = [score for line in page.lines for score in (line.scores or [line.score])]
    if len(scores) < _FEW_CHARACTERS:
        return not known and (bool(scores) or page.inked)
    return sum(scores) / len(scores) < _READ_WELL


def _compare_codes(readings: Sequence[tuple[Certificate, KindReading]], out: Extraction) -> None:
    """Compare with bar codes: a credit code in one proves the printed code, replaces an unreadable one, and casts doubt
    on a different one.
    """
    for code in out.provenance.get("qr", ()):
        said = {credit_code(m.group()).value for m in re.finditer("[0-9A-Z]{18}", code["text"].upper())} - {None}
        here = [
            r for c, r in readings if c.kind.anchor == "uscc" and any(x.page.number == code["page"] for x in c.regions)
        ]
        if len(said) != 1 or len(here) != 1:
            continue
        reading, value = here[0], said.pop()
        printed = reading.finding("uscc")
        if printed is None or printed.value is None:
            page = next(r.page for c, k in readings if k is reading for r in c.regions if r.page.number == code["page"])
            piece = Piece(value, printed.piece.box if printed else (0, 0, page.width, page.height))
            reading.findings = [f for f in reading.findings if f.field != "uscc"]
            reading.add("uscc", Read(value, True), piece, page)
        elif printed.value == value:
            reading.prove("uscc")
        else:
            reading.reasons.append(
                ("code_differs_from_qr", "the credit code in the QR code is another than the printed one")
            )


def _doubt_second_number(certificate: Certificate, reading: KindReading) -> None:
    """Add a reason if what was read as one certificate has two credit codes, or two identity numbers: it may be two."""
    read, pattern = _NUMBERS.get(certificate.kind.anchor, (None, ""))
    if read is None:
        return
    for region in certificate.regions:
        said = {read(m.group()).value for line in region.page.lines for m in re.finditer(pattern, line.chars)} - {None}
        if len(said) > 1:
            reading.reasons.append(("second_number", f"page {region.page.number} may hold more than one certificate"))


def _doubt_bare_labels(certificate: Certificate, reading: KindReading) -> None:
    """Add null values for labels whose value was not found, unless the field was read elsewhere."""
    kind = certificate.kind
    if kind.labels is None or not kind.title:
        return
    for region in certificate.regions:
        for name, label in kind.labels.places(region.lines).items():
            told = _TOLD_BY.get(name, (name,))
            if not any(map(reading.has, told)):
                reading.add(told[0], Read(None, False), label, region.page)


def _known(finding: Finding) -> Finding:
    """Return the value; None if it contains an unknown character."""
    return replace(finding, value=None, check=False) if UNKNOWN in finding.piece.text else finding


def group_pages(pages: Sequence[Page]) -> tuple[list[Certificate], list[str]]:
    """Return certificates in page order, and the kind of every page."""
    certificates: list[Certificate] = []
    kinds: list[str] = []
    for page in pages:
        kind = kind_of(page.text)
        last = certificates[-1] if certificates else None
        if last and page.lines and (_goes_on(last, page) if kind is None else _same_head(last, kind, page)):
            last.regions.append(Region.of(page))
            kinds.append(last.kind.name)
        elif kind is None:
            kinds.append(OTHER)
        elif last and last.kind is kind and not kind.begins_anew and _same_document(last, page):
            last.regions.append(Region.of(page))
            kinds.append(kind.name)
        else:
            certificates += [Certificate(kind, [Region.of(part)]) for part in split_page(page, kind)]
            kinds.append(kind.name)
    return certificates, kinds


def _same_head(last: Certificate, kind: Kind, page: Page) -> bool:
    """Whether a page that another kind claims begins with the headings of the preceding table and so continues it."""
    if not last.kind.many_pages or kind is last.kind:
        return False
    heads = [line.chars for line in last.regions[0].page.lines[:_HEAD_LINES] if len(line.chars) > _SHORTEST_HEAD]
    tops = [line.chars for line in page.lines[:_TOP_LINES] if len(line.chars) > _SHORTEST_HEAD]
    return any(fuzz.ratio(top, head) > _ALIKE for top in tops for head in heads)


def _goes_on(last: Certificate, page: Page) -> bool:
    """Whether a page that no kind claims continues the preceding certificate: annual-check stamps, or labels still
    missing there.
    """
    if last.kind.many_pages or re.search(r"年检|年度检查", page.text):
        return True
    labels = last.kind.labels
    if labels is None:
        return False
    before = set().union(*(labels.fields(region.page.lines) for region in last.regions))
    here = labels.fields(page.lines)
    return bool(here) and not here & before


def _same_document(last: Certificate, page: Page) -> bool:
    """Whether the page names no other payer or audited body than the pages before."""
    named = re.search(r"(?:单位名称|缴费单位|参保单位|被审计单位)(?:\(.{0,8}\))?[::]([^\n:]{6,40})", page.text)
    before = "\n".join(r.text for r in last.regions)
    return named is None or named.group(1)[:8] in before or not re.search(r"单位名称|缴费单位|参保单位", before)


def split_page(page: Page, kind: Kind) -> list[Page]:
    """Split a page with several certificates by their titles, or by a field that each contains once where a title is
    hidden; return the page itself when there is one.
    """
    if not kind.title:
        return [page]
    titles = _distinct(pieces_matching(page.lines, kind.title))
    if len(titles) > 1:
        parts = [_part(page, box) for box in _areas(page, titles)]
        if all(kind.claims(p.text) >= ENOUGH for p in parts):
            return parts
    if kind.labels is None:
        return [page]
    found = _numbers_of_their_own(page, kind) or kind.labels.find(Region.of(page).layout).get(kind.anchor, [])
    anchors = [piece for i, piece in enumerate(found) if piece.text not in [other.text for other in found[:i]]]
    if len(anchors) < 2:
        return [page]
    parts = [_part(page, box) for box in _areas_around(page, anchors)]
    return parts if all(len(kind.labels.fields(p.lines)) >= _LABELS_OF_ONE for p in parts) else [page]


def _numbers_of_their_own(page: Page, kind: Kind) -> list[Piece]:
    """Return the valid numbers of a page, where there are two or more of those that a certificate contains once."""
    read, pattern = _NUMBERS.get(kind.anchor, (None, ""))
    found = [p for p in spans_matching(page.lines, pattern) if read and read(p.text).check]
    return found if len({p.text for p in found}) > 1 else []


def _areas_around(page: Page, anchors: list[Piece]) -> list[Box]:
    """Return areas in reading order, one per anchor, divided at the widest blank between them."""
    height = median(p.box[3] - p.box[1] for p in anchors)
    rows: list[list[Piece]] = []
    for anchor in sorted(anchors, key=lambda p: p.box[1]):
        if rows and anchor.box[1] - rows[-1][0].box[1] < 3 * height:
            rows[-1].append(anchor)
        else:
            rows.append([anchor])
    cuts = [
        _widest_blank(page.lines, 1, max(p.box[3] for p in a), min(p.box[1] for p in b))
        for a, b in itertools.pairwise(rows)
    ]
    areas = []
    for row, (top, bottom) in zip(rows, itertools.pairwise((-1e9, *cuts, 1e9)), strict=True):
        row.sort(key=lambda p: p.box[0])
        lines = [line for line in page.lines if top < line.box[1] < bottom]
        edges = [_widest_blank(lines, 0, a.box[2], b.box[0]) for a, b in itertools.pairwise(row)]
        areas += [(left, top, right, bottom) for left, right in itertools.pairwise((-1e9, *edges, 1e9))]
    return areas


def _widest_blank(lines: list[Line], axis: int, start: float, end: float) -> float:
    """Return the middle of the widest empty strip between two positions; axis 0 across, 1 down."""
    inked = sorted((max(box[axis], start), min(box[axis + 2], end)) for line in lines for box in line.boxes)
    gaps, reached = [], start
    for low, high in inked:
        if low > reached and high >= low:
            gaps.append((low - reached, (low + reached) / 2))
        reached = max(reached, high) if high >= low else reached
    gaps.append((end - reached, (end + reached) / 2))
    return max(gaps)[1]


def _distinct(titles: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for title in titles:
        if not any(
            abs(t.box[1] - title.box[1]) < 6 * (t.box[3] - t.box[1])
            and t.box[0] < title.box[2]
            and title.box[0] < t.box[2]
            for t in kept
        ):
            kept.append(title)
    return kept


def _areas(page: Page, titles: list[Piece]) -> list[Box]:
    """Return areas in reading order: rows of titles divide the page horizontally, titles in one row vertically."""
    height = median(t.box[3] - t.box[1] for t in titles)
    rows: list[list[Piece]] = []
    for title in sorted(titles, key=lambda t: t.box[1]):
        if rows and title.box[1] - rows[-1][0].box[1] < 3 * height:
            rows[-1].append(title)
        else:
            rows.append([title])
    tops = [0.0, *(_cut_above(page, min(t.box[1] for t in row), height) for row in rows[1:]), page.height + 1e9]
    areas = []
    for row, top, bottom in zip(rows, tops, tops[1:], strict=False):
        middles = sorted((t.box[0] + t.box[2]) / 2 for t in row)
        edges = [-1e9, *((a + b) / 2 for a, b in itertools.pairwise(middles)), 1e9]
        areas += [(a, top, b, bottom) for a, b in itertools.pairwise(edges)]
    return areas


def _cut_above(page: Page, title_top: float, height: float) -> float:
    """Return where to divide the page above a title: in the widest blank within a few lines above it."""
    edges = sorted(
        {line.box[3] for line in page.lines if title_top - 6 * height < line.box[3] <= title_top}
        | {title_top - 6 * height}
    )
    tops = sorted(
        [line.box[1] for line in page.lines if line.box[1] > title_top - 6 * height and line.box[1] < title_top]
        + [title_top]
    )
    gaps = [(min((t for t in tops if t >= e), default=title_top) - e, e) for e in edges]
    widest = max(gaps)
    return widest[1] + widest[0] / 2


def _part(page: Page, area: Box) -> Page:
    def inside(x: float, y: float) -> bool:
        return area[0] <= x < area[2] and area[1] <= y < area[3]

    lines = [
        piece
        for line in page.lines
        for piece in _clip(line, area)
        if inside((piece.box[0] + piece.box[2]) / 2, (piece.box[1] + piece.box[3]) / 2)
    ]
    keep = [
        [r for r in rulings if inside((r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2)]
        for rulings in (page.horizontal, page.vertical)
    ]
    return replace(page, lines=lines, horizontal=keep[0], vertical=keep[1])


def _clip(line: Line, area: Box) -> list[Line]:
    """Clip the line at the sides of the area."""
    from app.evidence.reading.layout.page import split_line

    cuts = [
        next((i for i, b in enumerate(line.boxes) if (b[0] + b[2]) / 2 >= x), len(line.boxes))
        for x in (area[0], area[2])
    ]
    return split_line(line, cuts)


def _number_boxes(row: RowFinding) -> dict[str, Any]:
    """Return where the row's resident ID stands, so that a picture is blackened there alone."""
    places = {(page.number, tuple(round(v, 4) for v in _clamped(page.view(box)))) for page, box in row.numbers}
    boxes = [{"page": page, "box": list(box)} for page, box in sorted(places)]
    return {"numberBoxes": boxes} if boxes else {}


def _note(reading: KindReading, certificate: Certificate, number: int, out: Extraction) -> None:
    for finding in reading.findings:
        out.fields.append(_as_field(finding, number))
        _doubt_field(finding, out)
    for row in reading.rows:
        box = [round(v, 4) for v in _clamped(row.page.view(row.box))]
        sure = round(min(row.score, 0.97), 2)
        place = {"page": row.page.number, "box": box, "confidence": sure, "group": number}
        out.rows.append({**row.values, **place, **_number_boxes(row)})
        if any(row.values.get(key, "") is None or UNKNOWN in str(row.values.get(key)) for key in _WHOLE):
            out.doubt("row_incomplete", "a row of the table cannot be read completely")
        elif row.page.method == "ocr" and row.score < SURE_SCORE:
            out.doubt("low_confidence", "a row of the table was read with low confidence")
    for code, message in reading.reasons:
        out.doubt(code, message)
    picture = any(region.page.method == "ocr" for region in certificate.regions)
    for name in (*certificate.kind.required, *(certificate.kind.expected if picture else ())):
        if not reading.has(name):
            out.doubt("field_missing", f"no value was found for {name}")


def _doubt_field(finding: Finding, out: Extraction) -> None:
    if finding.check is False:
        out.doubt("check_failed", f"the value of {finding.field} cannot be read, or fails its check")
    elif finding.value is None:
        out.doubt("masked", f"the value of {finding.field} is masked or blank")
    elif finding.page.method == "ocr" and finding.check is None and finding.piece.score < SURE_SCORE:
        out.doubt("low_confidence", f"the value of {finding.field} was read with low confidence")
    elif finding.page.method == "ocr" and finding.reader is organization and not ends_in_form(finding.value):
        out.doubt("low_confidence", f"the value of {finding.field} ends in no form of organization")


def _as_field(finding: Finding, number: int) -> dict[str, Any]:
    box = [round(v, 4) for v in _clamped(finding.page.view(finding.piece.box))]
    return {
        "field": finding.field, "value": finding.value, "text": finding.piece.text.strip(), "page": finding.page.number, "box": box,
        "method": finding.page.method, "confidence": _confidence(finding), "group": number,
    }  # fmt: skip


def _confidence(finding: Finding) -> float:
    """Return a confidence: a passed check gives high, a failed one zero; without a check the recognition score decides."""
    if finding.check is False or finding.value is None:
        return 0.0
    if finding.check:
        return 0.99
    return 0.97 if finding.page.method == "text" else round(min(0.95, finding.piece.score), 2)


def _clamped(box: Box) -> Box:
    return max(0.0, box[0]), max(0.0, box[1]), min(1.0, box[2]), min(1.0, box[3])
