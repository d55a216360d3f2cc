"""Read OFD files (GB/T 33190-2016, the format of Chinese electronic certificates): text with positions, rulings, page
pictures.

Runs in a child process. Lengths are millimetres. Signatures and seals are not evaluated.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import numpy as np

from app.evidence.reading.archives import ArchiveRefused, check_archive
from app.evidence.reading.certificates.grouping import finish
from app.evidence.reading.layout.page import Box, Glyph, Line, Page, Ruling, join_runs, make_line
from app.evidence.reading.limits import Limits
from app.evidence.reading.pdf.soundness import is_sound
from app.evidence.reading.record import REJECTED, Extraction

_THIN, _SHORT = 0.6, 3.0  # mm: strokes no thicker and no shorter are rulings
_A4 = [0.0, 0.0, 210.0, 297.0]
_WHOLE = 0.5  # share of the page that a picture of it covers
_STEP = re.compile(r"g\s+(\d+)\s+(-?[\d.]+)|(-?[\d.]+)")
_DRAWN = re.compile(r"([MLQBAC])\s*((?:-?[\d.]+\s*)*)")


@dataclass(slots=True)
class _Sheet:
    """A page being read: its size, runs of text, rulings, and its pictures."""

    width: float
    height: float
    runs: list[Line] = field(default_factory=list)
    across: list[Ruling] = field(default_factory=list)
    down: list[Ruling] = field(default_factory=list)
    pictures: list[tuple[Box, str]] = field(default_factory=list)


def read_ofd(data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> int:
    """Read all pages up to the limit. Returns the number of pages that need recognition; without `pictures` none is
    read then.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive, limits)
            reader = _Reader(archive)
            sheets = reader.sheets()
            out.pages = len(sheets)
            if out.pages > limits.pages:
                out.doubt("too_many_pages", f"the file has {out.pages} pages; the first {limits.pages} were read")
            pages = [_page(sheet, number) for number, sheet in enumerate(sheets[: limits.pages], 1)]
            unsound = [i for i, page in enumerate(pages) if not is_sound(page) and reader.picture_of(sheets[i])]
            if unsound and not pictures:
                return len(unsound)
            for index in unsound:
                pages[index] = _recognised(reader.picture_of(sheets[index]), index + 1, pages[index], limits)
    except ArchiveRefused as error:
        out.kind = "other"
        out.doubt(error.code, str(error))
        return 0
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, OSError, EOFError, RuntimeError):
        out.kind = "other"
        out.doubt("damaged", "the OFD file is damaged; submit the PDF that the issuing office offers", REJECTED)
        return 0
    finish(pages, out)
    return 0


def _recognised(picture: bytes, number: int, page: Page, limits: Limits) -> Page:
    from app.evidence.reading.media import media_type
    from app.evidence.reading.recognition.image_files import PictureRefused, open_frame
    from app.evidence.reading.recognition.recognise import recognise

    try:
        return recognise(open_frame(picture, media_type(picture), 0, limits), number)
    except (PictureRefused, KeyError):
        return page


def _page(sheet: _Sheet, number: int) -> Page:
    wide, high = sheet.width, sheet.height

    def view(box: Box) -> Box:
        return box[0] / wide, box[1] / high, box[2] / wide, box[3] / high

    return Page(number, join_runs(sheet.runs), wide, high, "text", view, sheet.across, sheet.down)


class _Reader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {name.lstrip("/"): name for name in archive.namelist()}
        self.media: dict[str, str] = {}

    def sheets(self) -> list[_Sheet]:
        """Yield every page of every document in the file, with its templates drawn first."""
        found = []
        root = self._xml("OFD.xml")
        for body in _all(root, "DocRoot"):
            path = (body.text or "").strip().lstrip("/")
            document, folder = self._xml(path), posixpath.dirname(path)
            size = _numbers(next(_all(document, "PhysicalBox")).text) if any(_all(document, "PhysicalBox")) else _A4
            for resource in (*_all(document, "PublicRes"), *_all(document, "DocumentRes")):
                self._note_media(posixpath.join(folder, (resource.text or "").strip()))
            templates = {t.get("ID", ""): t.get("BaseLoc", "") for t in _all(document, "TemplatePage")}
            for pages in _all(document, "Pages"):
                for page in _all(pages, "Page"):
                    found.append(self._sheet(folder, page.get("BaseLoc", ""), templates, size))
        return found

    def picture_of(self, sheet: _Sheet) -> bytes:
        """Return the bytes of the picture that covers the page; b"" where there is none."""
        whole = sheet.width * sheet.height
        for (x0, y0, x1, y1), resource in sheet.pictures:
            name = self.names.get(self.media.get(resource, ""))
            if name and (x1 - x0) * (y1 - y0) > _WHOLE * whole:
                return self.archive.read(name)
        return b""

    def _xml(self, path: str) -> ElementTree.Element:
        data = self.archive.read(self.names[path.lstrip("/")])
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise ValueError("an OFD part declares entities")
        return ElementTree.fromstring(data)  # noqa: S314 - entities are refused above, the child's memory and time are bounded

    def _note_media(self, path: str) -> None:
        if path.lstrip("/") not in self.names:
            return
        resources = self._xml(path)
        base = posixpath.join(posixpath.dirname(path), resources.get("BaseLoc", ""))
        for medium in _all(resources, "MultiMedia"):
            file = next(_all(medium, "MediaFile"), None)
            if file is not None:
                self.media[medium.get("ID", "")] = posixpath.normpath(
                    posixpath.join(base, (file.text or "").strip())
                ).lstrip("/")

    def _sheet(self, folder: str, location: str, templates: dict[str, str], size: list[float]) -> _Sheet:
        content = self._xml(posixpath.normpath(posixpath.join(folder, location)))
        own = next(_all(content, "PhysicalBox"), None)
        box = _numbers(own.text) if own is not None else size
        sheet = _Sheet(box[2], box[3])
        for used in _all(content, "Template"):
            place = templates.get(used.get("TemplateID", ""))
            if place:
                _draw(self._xml(posixpath.normpath(posixpath.join(folder, place))), sheet)
        _draw(content, sheet)
        return sheet


def _draw(content: ElementTree.Element, sheet: _Sheet) -> None:
    for item in content.iter():
        name = item.tag.rpartition("}")[2]
        if name not in ("TextObject", "PathObject", "ImageObject"):
            continue
        x, y, wide, high = (_numbers(item.get("Boundary")) + [0.0] * 4)[:4]
        if name == "TextObject":
            sheet.runs += list(_runs(item, x, y))
        elif name == "ImageObject":
            sheet.pictures.append(((x, y, x + wide, y + high), item.get("ResourceID", "")))
        else:
            _add_rulings(item, (x, y), sheet)


def _runs(item: ElementTree.Element, x: float, y: float) -> Iterator[Line]:
    """Return the runs of a text object; rotated text (seals, vertical marks) is omitted."""
    a, b, c, d, e, f = (_numbers(item.get("CTM")) or [1, 0, 0, 1, 0, 0])[:6]
    if abs(b) > 1e-3 or abs(c) > 1e-3 or a <= 0 or d <= 0:
        return
    size = float(item.get("Size", "0"))
    for code in _all(item, "TextCode"):
        text = code.text or ""
        left, base = float(code.get("X", "0")), float(code.get("Y", "0"))
        steps = list(_steps(code.get("DeltaX", "")))
        glyphs: list[Glyph] = []
        for index, char in enumerate(text):
            width = size if ord(char) > 0x2000 else 0.5 * size
            top = y + d * (base - 0.86 * size) + f
            glyphs.append((char, (x + a * left + e, top, x + a * (left + width) + e, top + d * size)))
            left += steps[index] if index < len(steps) else width
        line = make_line(glyphs) if glyphs else None
        if line:
            yield line


def _steps(text: str) -> Iterator[float]:
    """Parse distances between characters; `g 5 3.2` is 3.2 five times."""
    for times, repeated, single in _STEP.findall(text):
        yield from [float(repeated)] * min(int(times), 10_000) if times else [float(single)]


def _add_rulings(item: ElementTree.Element, at: tuple[float, float], sheet: _Sheet) -> None:
    data = next(_all(item, "AbbreviatedData"), None)
    last: tuple[float, float] | None = None
    for command, numbers in _DRAWN.findall(data.text or "" if data is not None else ""):
        points = _numbers(numbers)
        if command in "ML" and len(points) >= 2:
            point = at[0] + points[0], at[1] + points[1]
            if command == "L" and last:
                _add_ruling(last, point, sheet)
            last = point
        else:
            last = None


def _add_ruling(start: tuple[float, float], end: tuple[float, float], sheet: _Sheet) -> None:
    (x0, y0), (x1, y1) = sorted((start, end))
    if abs(y1 - y0) <= _THIN and x1 - x0 > _SHORT:
        sheet.across.append(Ruling(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    elif x1 - x0 <= _THIN and abs(y1 - y0) > _SHORT:
        sheet.down.append(Ruling((x0 + x1) / 2, min(y0, y1), (x0 + x1) / 2, max(y0, y1)))


def _all(item: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Return all descendants with a local name, in any namespace."""
    return (one for one in item.iter() if one.tag.rpartition("}")[2] == name)


def _numbers(text: str | None) -> list[float]:
    values = [float(part) for part in (text or "").split()]
    if not np.isfinite(values).all():
        raise ValueError("a number of an OFD part is not finite")
    return values
