"""Chinese fonts for the sample's PDF files: open-licensed outlines from a package, converted to TrueType.

The service may run where no Chinese font is installed, so the files embed their own. The package's fonts (Noto, OFL)
hold PostScript outlines, which reportlab cannot embed; the few glyphs in use are converted to quadratic curves here.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as faces
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont

SONG = "SampleSong"
HEI = "SampleHei"
UNITS_PER_EM = 1000
Segment = tuple[str, tuple[tuple[float, float], ...]]


@dataclass(frozen=True, slots=True)
class _Face:
    path: Path
    ascent: int
    descent: int


_FACES = {
    SONG: _Face(faces.serif_path(), 880, -120),
    HEI: _Face(faces.sans_path(), 880, -120),
}


class MissingGlyphError(LookupError):
    """A character to be printed is missing from the font."""


@lru_cache(maxsize=2)
def _source(face: str) -> tuple[dict[int, str], Any]:
    font = TTFont(_FACES[face].path, lazy=True)
    return font.getBestCmap(), font.getGlyphSet()


def _glyph(face: str, char: str) -> Any:
    names, glyphs = _source(face)
    if ord(char) not in names:
        raise MissingGlyphError(f"{face} has no glyph U+{ord(char):04X}")
    return glyphs[names[ord(char)]]


@lru_cache(maxsize=8192)
def width(face: str, char: str) -> float:
    """Return the advance width of one character in em."""
    return float(_glyph(face, char).width) / UNITS_PER_EM


def text_width(face: str, text: str, size: float) -> float:
    """Return the length of a line of text in points."""
    return sum(width(face, char) for char in text) * size


@lru_cache(maxsize=1024)
def outline(face: str, char: str) -> tuple[Segment, ...]:
    """Return the character's curves in font units, y upwards, for text drawn as curves (seals)."""
    pen = RecordingPen()
    _glyph(face, char).draw(pen)
    return tuple(pen.value)


def embeddable(face: str, characters: Iterable[str], name: str) -> bytes:
    """Return a TrueType file of that name with just these characters; the same characters give the same bytes."""
    wanted = sorted({*characters, " "})
    names = [".notdef", *(f"u{ord(char):04X}" for char in wanted)]
    shapes, metrics = {".notdef": TTGlyphPen(None).glyph()}, {".notdef": (UNITS_PER_EM, 0)}
    for glyph, char in zip(names[1:], wanted, strict=True):
        pen = TTGlyphPen(None)
        source = _glyph(face, char)
        source.draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        shapes[glyph] = pen.glyph()
        metrics[glyph] = (round(source.width), 0)
    builder = _assemble(face, names, wanted, shapes, metrics)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    buffer = BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def _assemble(
    face: str, names: list[str], wanted: list[str], shapes: dict[str, Any], metrics: dict[str, Any]
) -> FontBuilder:
    ascent, descent = _FACES[face].ascent, _FACES[face].descent
    builder = FontBuilder(UNITS_PER_EM, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): name for name, char in zip(names[1:], wanted, strict=True)})
    builder.setupGlyf(shapes)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics({name: (metrics[name][0], getattr(table[name], "xMin", 0)) for name in names})
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupOS2(sTypoAscender=ascent, usWinAscent=ascent, usWinDescent=-descent, sCapHeight=733)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    return builder


def register(characters: Iterable[str]) -> Mapping[str, str]:
    """Register both fonts with these characters in reportlab; return the registered names.

    The name depends on the characters: reportlab keeps the first font of a name and ignores a second.
    """
    wanted = frozenset(characters)
    mark = hashlib.sha256("".join(sorted(wanted)).encode()).hexdigest()[:8]
    names = {face: f"{face}{mark}" for face in _FACES}
    for face, name in names.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(EmbeddedFont(name, BytesIO(embeddable(face, wanted, name))))
    return names
