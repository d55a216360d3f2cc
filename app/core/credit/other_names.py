"""Cells that hold several names: former names in brackets after the name, or names with separators between them."""

import re
from typing import NamedTuple

_SEPARATOR = re.compile(r"[;；、,，/／|｜\n\r\t\x0b\x0c\u2028\u2029]+")
_OPEN, _CLOSE = r"[(（\[【〔]", r"[)）\]】〕]"
_LABEL = r"(?:曾用名称?|原名称?|原单位名称|旧名称?|旧称|更名前|变更前|前身|又名|别名|简称|现用名|现名|更名为|现更名为)"
_LABELLED = re.compile(
    rf"{_OPEN}\s*{_LABEL}\s*[:：为]?\s*(?P<names>[^()（）\[\]【】〔〕]*(?:{_OPEN}[^()（）\[\]【】〔〕]*{_CLOSE}[^()（）\[\]【】〔〕]*)*){_CLOSE}"
)
_BARE = re.compile(rf"{_OPEN}\s*原\s*[:：]?(?P<names>[^()（）\[\]【】〔〕]{{5,}}){_CLOSE}$")
_BEHIND = re.compile(rf"[,，;；\s]*{_LABEL}\s*[:：为]\s*(?P<names>.+)$")
_MARK = re.compile(r"[曾原旧更变前又别简现]")
_LEAST_NAME = 2


class Names(NamedTuple):
    """The main name of a cell, and its other names."""

    name: str
    others: tuple[str, ...] = ()


def names_in(cell: str) -> Names:
    """Split 甲社（曾用名：乙社；丙社） into 甲社 and its other names; a name without such a note stays unchanged."""
    if not _MARK.search(cell):
        return Names(cell)
    for pattern in (_LABELLED, _BARE, _BEHIND):
        if found := pattern.search(cell):
            rest = (cell[: found.start()] + cell[found.end() :]).strip()
            others = separated(found["names"])
            if len(rest) >= _LEAST_NAME and others:
                return Names(rest, others)
    return Names(cell)


def separated(cell: str) -> tuple[str, ...]:
    """Split names separated by `;`, `；`, `、`, `,`, `，`, `/`, `|` or a line break; duplicates and labels before names
    are dropped.
    """
    parts = (re.sub(rf"^{_LABEL}\s*[:：]\s*", "", part.strip()) for part in _SEPARATOR.split(cell))
    return tuple(dict.fromkeys(part for part in parts if part and part not in ("无", "-", "—", "/")))
