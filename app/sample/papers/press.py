"""Print sheets to PDF, with a text layer and seals drawn as curves."""

import math
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from app.sample.papers import fonts
from app.sample.papers.fonts import SONG
from app.sample.papers.sheet import RED, Box, Line, Mark, Seal, Sheet, Text


def print_pdf(sheets: Sequence[Sheet], title: str, author: str, names: Mapping[str, str]) -> bytes:
    """Print the pages to a PDF with a text layer and without timestamps, so that the same pages give the same bytes.

    `names`: the registered font names (`fonts.register`).
    """
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setProducer("bidscreen sample")
    for sheet in sheets:
        canvas.setPageSize(sheet.size)
        for mark in sheet.marks:
            _draw(canvas, sheet.size[1], mark, names)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, top: float, mark: Mark, names: Mapping[str, str]) -> None:
    if isinstance(mark, Text):
        _write(canvas, top, mark, names[mark.style.face])
    elif isinstance(mark, Box):
        _pen(canvas, mark.line, mark.color)
        canvas.rect(mark.x, top - mark.y - mark.height, mark.width, mark.height)
    elif isinstance(mark, Line):
        _pen(canvas, mark.line, mark.color)
        canvas.line(mark.x0, top - mark.y0, mark.x1, top - mark.y1)
    else:
        _stamp(canvas, top, mark)


def _pen(canvas: Canvas, line: float, color: str) -> None:
    canvas.setLineWidth(line)
    canvas.setStrokeColor(HexColor(color))


def _write(canvas: Canvas, top: float, mark: Text, font: str) -> None:
    canvas.saveState()  # the render mode persists after the run
    run = canvas.beginText(mark.x, top - mark.y)
    run.setFont(font, mark.style.size)
    run.setFillColor(HexColor(mark.style.color))
    run.setStrokeColor(HexColor(mark.style.color))
    canvas.setLineWidth(mark.style.size * 0.035)
    run.setTextRenderMode(2 if mark.style.heavy else 0)
    run.textOut(mark.content)
    canvas.drawText(run)
    canvas.restoreState()


def _stamp(canvas: Canvas, top: float, seal: Seal) -> None:
    """Draw each seal once per file and place it where needed."""
    name = f"seal{zlib.crc32(seal.owner.encode()):08x}r{round(seal.radius)}"
    if not canvas.hasForm(name):
        reach = seal.radius * 1.05
        canvas.beginForm(name, -reach, -reach, reach, reach)
        _cut_seal(canvas, seal)
        canvas.endForm()
    canvas.saveState()
    canvas.translate(seal.x, top - seal.y)
    canvas.setFillAlpha(0.72)  # set by the page: a form inherits the state in which it is called
    canvas.setStrokeAlpha(0.72)
    canvas.doForm(name)
    canvas.restoreState()


def _cut_seal(canvas: Canvas, seal: Seal) -> None:
    ink = HexColor(RED)
    canvas.setStrokeColor(ink)
    canvas.setFillColor(ink)
    canvas.setLineWidth(seal.radius * 0.05)
    canvas.circle(0, 0, seal.radius)
    _star(canvas, seal.radius * 0.28)
    _name_along_ring(canvas, seal)


def _star(canvas: Canvas, radius: float) -> None:
    path = canvas.beginPath()
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.pi / 2 + corner * math.pi / 5
        (path.lineTo if corner else path.moveTo)(reach * math.cos(angle), reach * math.sin(angle))
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _name_along_ring(canvas: Canvas, seal: Seal) -> None:
    """Draw characters as curves: a seal is a picture, and its letters are not part of the page's text."""
    count = len(seal.owner)
    spread = min(285.0, 27.0 * count)
    size = min(seal.radius * 0.30, 0.95 * math.radians(spread) * seal.radius * 0.70 / count)
    for index, char in enumerate(seal.owner):
        turn = spread / 2 - spread * (index + 0.5) / count
        canvas.saveState()
        canvas.rotate(turn)
        canvas.translate(-size / 2, seal.radius * 0.90 - size * 0.88)
        canvas.scale(size / fonts.UNITS_PER_EM, size / fonts.UNITS_PER_EM)
        _trace(canvas, char)
        canvas.restoreState()


def _trace(canvas: Canvas, char: str) -> None:
    path = canvas.beginPath()
    for name, points in fonts.outline(SONG, char):
        if name == "moveTo":
            path.moveTo(*points[0])
        elif name == "lineTo":
            path.lineTo(*points[0])
        elif name == "curveTo":
            path.curveTo(*(value for point in points for value in point))
        else:
            path.close()
    canvas.setLineWidth(14)
    canvas.drawPath(path, stroke=1, fill=1, fillMode=1)
