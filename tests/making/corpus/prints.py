"""Typesettings of print engines: labels centred in cells without rulings; English glosses in the line; titles and
labels that wrap; columns separated by a narrow blank only.
"""

from collections.abc import Callable

from tests.making.corpus import forms, workers
from tests.making.corpus.drawing import Paper, width_of
from tests.making.corpus.invented import Inventor


def _lines(text: str, size: float, wide: float) -> list[str]:
    lines = [""]
    for char in text:
        if width_of(lines[-1] + char, size) > wide and char not in "，。；：、）":
            lines.append("")
        lines[-1] += char
    return lines


def middle_labels(by: Inventor) -> Paper:
    """Draw a registration certificate without rulings, label and value vertically centred in each row."""
    title, kind, form, personality = by.random.choice(forms._TITLES)
    paper, facts = Paper(kind="registration_certificate"), forms._facts(by, kind, form)
    y = _broken_title(by, paper, title, form, personality)
    size, column, pad = by.random.choice((10.5, 12.0)), 250.0, by.random.choice((5.0, 8.0))
    for label, text, name, value in forms._fields(by, facts):
        if name == "validity":
            forms._validity(by, paper, column, y + pad, size, facts)
            paper.put(70, y + pad, size, label)
            y += size * 1.4 + 2 * pad
            continue
        rows = {70.0: [label], column: _lines(text, size, paper.width - column - 60)}
        high = max(map(len, rows.values())) * size * 1.4
        for x, lines in rows.items():
            for index, line in enumerate(lines):
                paper.put(x, y + pad + (high - len(lines) * size * 1.4) / 2 + index * size * 1.4, size, line)
        paper.known(name, text if value is None else value, (column, y, paper.width - 40, y + high + 2 * pad))
        y += high + 2 * pad
    forms._foot(by, paper, y, facts)
    return paper


def _broken_title(by: Inventor, paper: Paper, title: str, form: str, personality: str | None) -> float:
    """Draw a title too wide for its page; return the y below it."""
    cut = by.random.choice((len(title), len(title) - 2, len(title) // 2)) if len(title) > 6 else len(title)
    boxes = [paper.centred(50 + 40 * i, 26, part) for i, part in enumerate((title[:cut], title[cut:])) if part]
    paper.known("legalForm", form, (0, 40, paper.width, boxes[-1][3]))
    if personality:
        paper.known("personality", personality, (0, 40, paper.width, boxes[-1][3]))
    return boxes[-1][3] + 24


def glossed(by: Inventor) -> Paper:
    """Draw a social worker certificate whose labels are repeated in English in the same line."""
    paper, facts, size = Paper(kind="social_worker_certificate"), workers._facts(by), by.random.choice((11, 12, 13))
    paper.centred(60, 22, by.random.choice(workers._TITLES[:6]))
    colon, bracket, y = by.random.choice(("：", ":", "")), by.random.random() < 0.3, 130.0
    for key, choices in workers._LABELS.items():
        (label, gloss), (text, value) = by.random.choice(choices), facts[key]
        end = paper.put(70, y, size, f"{label}（{gloss}）{colon}" if bracket else f"{label} {gloss}{colon}")
        at = end if colon else max(end + 1.5 * size, 300.0)
        if value == "":
            paper.put(at, y, size, text)
            paper.known(key, None, (at, y, at + width_of(text, size), y + size))
        else:
            paper.put(at, y, size, text, key, value)
        y += 2 * size
    return paper


PRINTS: tuple[Callable[[Inventor], Paper], ...] = (middle_labels, glossed)
