"""A document as a list of drawing operations, rendered as a PDF with a text layer or as a picture; drawn values are
recorded as truth.
"""

import io
import math
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pylopdf_fonts_zh_cn as noto
from PIL import Image, ImageChops, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass
class Truth:
    field: str
    value: Any
    box: tuple[float, float, float, float]


@dataclass
class Paper:
    """Points, y downwards from the top."""

    width: float = 595.0
    height: float = 842.0
    texts: list[tuple[float, float, float, str]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    seals: list[tuple[float, float, float, str]] = field(default_factory=list)
    truth: list[Truth] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    kind: str = ""

    def put(self, x: float, y: float, size: float, text: str, name: str = "", value: Any = None) -> float:
        """Draw text with its top left at (x, y); return the x after it. With a name it is the value of a field."""
        self.texts.append((x, y, size, text))
        end = x + width_of(text, size)
        if name:
            self.known(name, text if value is None else value, (x, y, end, y + size))
        return end

    def known(self, name: str, value: Any, box: tuple[float, float, float, float]) -> None:
        x0, y0, x1, y1 = box
        self.truth.append(Truth(name, value, (x0 / self.width, y0 / self.height, x1 / self.width, y1 / self.height)))

    def centred(
        self, y: float, size: float, text: str, middle: float | None = None
    ) -> tuple[float, float, float, float]:
        wide = width_of(text, size)
        x = (self.width / 2 if middle is None else middle) - wide / 2
        self.texts.append((x, y, size, text))
        return x, y, x + wide, y + size

    def wrapped(
        self, x: float, y: float, size: float, text: str, wide: float, name: str = "", pitch: float = 1.5
    ) -> float:
        """Draw text wrapped at `wide`; return the y below it."""
        lines, line = [], ""
        for char in text:
            if width_of(line + char, size) > wide and char not in "，。；：、）":
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
        for index, part in enumerate(lines):
            self.texts.append((x, y + index * pitch * size, size, part))
        bottom = y + (len(lines) - 1) * pitch * size + size
        if name:
            self.known(name, text, (x, y, x + max(width_of(p, size) for p in lines), bottom))
        return y + len(lines) * pitch * size

    def box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.rules += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]


def width_of(text: str, size: float) -> float:
    return sum(size * (0.5 if ord(c) < 0x2000 and c != "·" else 1.0) for c in text)


@lru_cache(maxsize=1)
def font_files() -> tuple[str, ...]:
    """Return Chinese fonts: the package's two, and those of Debian packages on this machine (fonts-arphic-*,
    fonts-wqy-*).
    """
    found = [
        str(p)
        for folder in FONT_FOLDERS
        for p in sorted(folder.rglob("*"))
        if p.name in ("ukai.ttc", "uming.ttc", "wqy-zenhei.ttc", "wqy-microhei.ttc")
    ]
    return (str(noto.serif_path()), str(noto.sans_path()), *found)


@lru_cache(maxsize=64)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def as_picture(paper: Paper, dpi: int = 150, font: int = 0, ink: tuple[int, int, int] = (25, 25, 30)) -> Image.Image:
    """Render the document as a scanner would capture it; figures and letters take half an ideograph's width, as in the
    truth.
    """
    scale = dpi / 72
    picture = Image.new("RGB", (round(paper.width * scale), round(paper.height * scale)), (252, 252, 250))
    draw = ImageDraw.Draw(picture)
    path = font_files()[font % len(font_files())]
    for x0, y0, x1, y1 in paper.rules:
        draw.line(
            [(x0 * scale, y0 * scale), (x1 * scale, y1 * scale)], fill=(60, 60, 60), width=max(1, round(0.9 * scale))
        )
    for x, y, size, text in paper.texts:
        face = _font(path, round(size * scale))
        at = x * scale
        for char in text:
            wide = width_of(char, size) * scale
            draw.text(
                (at + (wide - draw.textlength(char, font=face)) / 2, (y + size * 0.86) * scale),
                char,
                font=face,
                fill=ink,
                anchor="ls",
            )
            at += wide
    for cx, cy, radius, text in paper.seals:
        stamp(picture, cx * scale, cy * scale, radius * scale, text, path)
    return picture


def stamp(picture: Image.Image, cx: float, cy: float, radius: float, text: str, path: str) -> None:
    side = int(2.2 * radius)
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    red, middle = (205, 40, 45, 215), side / 2
    draw.ellipse(
        [middle - radius, middle - radius, middle + radius, middle + radius],
        outline=red,
        width=max(2, int(radius / 18)),
    )
    star = [
        (
            middle + 0.32 * radius * (1 if i % 2 == 0 else 0.4) * math.sin(i * math.pi / 5),
            middle - 0.32 * radius * (1 if i % 2 == 0 else 0.4) * math.cos(i * math.pi / 5),
        )
        for i in range(10)
    ]
    draw.polygon(star, fill=red)
    face = _font(path, max(8, int(radius * 0.28)))
    for index, char in enumerate(text):
        angle = math.radians(-120 + 240 * (index + 0.5) / len(text))
        tile = Image.new("RGBA", (int(radius * 0.5), int(radius * 0.5)), (0, 0, 0, 0))
        ImageDraw.Draw(tile).text((tile.width / 2, tile.height / 2), char, font=face, fill=red, anchor="mm")
        tile = tile.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC)
        layer.alpha_composite(
            tile,
            (
                int(middle + 0.76 * radius * math.sin(angle) - tile.width / 2),
                int(middle - 0.76 * radius * math.cos(angle) - tile.height / 2),
            ),
        )
    at = (int(cx - side / 2), int(cy - side / 2))
    under = picture.crop((*at, at[0] + side, at[1] + side))
    stamped = Image.new("RGB", under.size, "white")
    stamped.paste(layer, (0, 0), layer)
    picture.paste(ImageChops.multiply(under, stamped), at)  # multiplied: print shows through


def as_pdf(papers: list[Paper], rotate: int = 0, font: str = "") -> bytes:
    """Return a PDF with a text layer (a font that is named, not embedded; or the TrueType font embedded)."""
    face = TTFont("Embedded", font, subfontIndex=0) if font else UnicodeCIDFont("STSong-Light")
    pdfmetrics.registerFont(face)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for paper in papers:
        canvas.setPageSize((paper.width, paper.height))
        for x0, y0, x1, y1 in paper.rules:
            canvas.setLineWidth(0.8)
            canvas.line(x0, paper.height - y0, x1, paper.height - y1)
        for x, y, size, text in paper.texts:
            canvas.setFont(face.fontName, size)
            at = x
            for run in _runs(text):
                canvas.drawString(at, paper.height - y - 0.86 * size, run)
                at += width_of(run, size)
        canvas.showPage()
    canvas.save()
    return _turned(buffer.getvalue(), rotate) if rotate else buffer.getvalue()


def _turned(data: bytes, degrees: int) -> bytes:
    """Return the same pages, displayed turned clockwise."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.rotate(degrees, relative=False)
        document.save(buffer)
    return buffer.getvalue()


def _runs(text: str) -> list[str]:
    """Return runs of the same width class, each drawn at its own place."""
    runs: list[str] = []
    for char in text:
        if runs and (ord(runs[-1][-1]) < 0x2000) == (ord(char) < 0x2000):
            runs[-1] += char
        else:
            runs.append(char)
    return runs
