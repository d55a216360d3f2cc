"""Draw a paper as PDF/A-2b by typst, with the Chinese font of a package: the same paper gives the same bytes.

Data reach the template as JSON and are shown as text, never as markup. A character that the font lacks is printed as
its code point 〔U+20000〕 and listed at the end, so no box stands for a name.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as faces
from fontTools.ttLib import TTFont

from app.awarding.papers.paper import Cell, Column, Paper, Table, shown
from app.awarding.papers.words import word
from app.core.values.id_spellings import mask_spellings
from app.core.values.legible import legible

_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_UNBROKEN = "[!-~\u00c0-\u024f]"  # has no place to break; hashes and made-up names
_LONG_RUN = re.compile(_UNBROKEN + "{16,}")
_LONG_LINE = re.compile(_UNBROKEN + "{80,}")  # outside tables: a hash stays whole, so that it can be copied
_BREAK_EVERY = 12


def pdf(paper: Paper) -> bytes:
    """Return the paper as PDF/A-2b; its date is that of the decision."""
    text = _Text()
    drawn = {
        "title": text(paper.title),
        "subject": text(paper.subject),
        "mark": word("practice", paper.language) if paper.practice else "",
        "page": word("page", paper.language).split("{}"),
        "lang": paper.language,
        "wide": paper.wide,
        "fields": [[text(label), text(value, _LONG_LINE)] for label, value in paper.fields],
        "tables": [_table(table, text) for table in paper.tables],
        "notes": [text(note) for note in paper.notes],
        "signatures": [text(label) for label in paper.signatures],
    }
    drawn["unprintable"] = _unprintable(text.missing, paper)
    found = _typeset(json.dumps(drawn, ensure_ascii=False), int(paper.decided_at.timestamp()))
    if not isinstance(found, bytes):
        raise TypeError("typst returns one PDF file as bytes")
    return found


class _Text:
    """Make text printable and remember, in order, the characters that the font lacks."""

    def __init__(self) -> None:
        self.missing: dict[str, None] = {}

    def __call__(self, text: str, unbroken: re.Pattern[str] = _LONG_RUN) -> str:
        line = legible(_INVISIBLE.sub("", mask_spellings(text)))
        printed = "".join(char if ord(char) in _glyphs() else self._named(char) for char in line)
        return unbroken.sub(_breakable, printed)

    def _named(self, char: str) -> str:
        self.missing[_code_point(char)] = None
        return _code_point(char)


def _code_point(char: str) -> str:
    return f"〔U+{ord(char):04X}〕"


def _breakable(run: re.Match[str]) -> str:
    parts = range(0, len(run[0]), _BREAK_EVERY)
    return "\u200b".join(run[0][at : at + _BREAK_EVERY] for at in parts)


def _table(table: Table, text: _Text) -> dict[str, Any]:
    rows: list[list[str]] = [_row(row, table.columns, text) for row in table.rows]
    return {
        "title": text(table.title),
        "columns": [
            {"title": text(one.title), "right": one.kind in ("number", "money"), "width": one.width}
            for one in table.columns
        ],
        "rows": rows or [["—"] * len(table.columns)],
    }


def _row(row: Sequence[Cell], columns: Sequence[Column], text: _Text) -> list[str]:
    return [text(shown(cell, column.kind)) for cell, column in zip(row, columns, strict=True)]


def _unprintable(missing: dict[str, None], paper: Paper) -> str:
    return word("unprintable", paper.language) + " ".join(missing) if missing else ""


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    with TTFont(faces.sans_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("app.awarding.papers").joinpath("paper.typ").read_bytes()


def _typeset(data: str, at: int) -> Any:
    """Run typst with a compiler of its own, since requests run in several threads; `at` is the file's date."""
    import typst  # noqa: PLC0415  80 MB: loaded with the first paper

    return typst.Compiler(font_paths=_fonts()).compile(
        input=_template(), format="pdf", sys_inputs={"data": data}, pdf_standards=["a-2b"], timestamp=at
    )


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst  # noqa: PLC0415

    folder = Path(faces.sans_path()).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
