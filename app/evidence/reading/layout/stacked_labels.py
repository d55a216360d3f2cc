"""Labels printed over two lines beside their value: 宗旨和业务 / 活动范围, 统一社会信 / 用代码."""

import itertools
from collections.abc import Callable, Iterator

from app.evidence.reading.layout.page import Line, part_of
from app.evidence.reading.layout.pieces import Piece, piece_of

_APART = 0.6  # in heights: a wider blank separates the label from the text beside it
_PITCH = 2.4  # in heights: maximum distance between the two lines of a label
_SHORTEST = 5  # characters of such a label
_EVEN = 1.25  # of the pitch of a value's lines: a line further away belongs to another value

FieldOf = Callable[[str], str | None]  # "" for a label that belongs to no field


def stacked(lines: list[Line], field_of: FieldOf) -> tuple[list[tuple[str, Piece]], list[Line]]:
    """Return fields whose label takes two lines, with their values, and the remaining lines. `field_of` returns the
    field of a label.
    """
    found: list[tuple[str, Piece]] = []
    rest = list(lines)
    for upper, lower, field in list(_pairs(lines, field_of)):
        value = _beside(rest, upper, lower)
        if value:
            found.append((field, piece_of([(line, 0, len(line.boxes)) for line in value], strong=True)))
            ends = {id(line.boxes[-1]) for line in (upper, lower, *value)}
            rest = [line for line in rest if id(line.boxes[-1]) not in ends]
    return found, rest


def _first(line: Line) -> int:
    """Return where the first piece of a line ends."""
    return next(iter(line.blanks(_APART)), len(line.boxes))


def _second(line: Line) -> str:
    """Return the text of the second piece of a line, up to the next wide blank."""
    start, end = (*line.blanks(_APART), len(line.chars), len(line.chars))[:2]
    return line.chars[start:end].rstrip(":")


def _pairs(lines: list[Line], field_of: FieldOf) -> Iterator[tuple[Line, Line, str]]:
    """Find two lines whose first pieces are aligned and form a label only together."""
    for index, upper in enumerate(lines):
        head = upper.chars[: _first(upper)]
        if not 2 <= len(head) <= 8 or ":" in head or field_of(head) is not None:
            continue
        for lower in lines[index + 1 : index + 4]:
            tail = lower.chars[: _first(lower)].rstrip(":")
            apart = (lower.box[1] + lower.box[3] - upper.box[1] - upper.box[3]) / 2
            if abs(lower.box[0] - upper.box[0]) > 0.5 * upper.height or not 0 < apart < _PITCH * upper.height:
                continue
            field = field_of(head + tail) if len(head + tail) >= _SHORTEST else None
            field = field if field_of(tail) in (None, field) else None
            if field and not any(field_of(_second(line)) is not None for line in (upper, lower)):
                yield upper, lower, field
            break


def _beside(lines: list[Line], upper: Line, lower: Line) -> list[Line]:
    """Return the lines of the value: beside the label and, evenly spaced and with nothing in front of them, above and
    below it.
    """
    edge = max(line.boxes[_first(line) - 1][2] for line in (upper, lower))
    columns = []
    for line in lines:
        start = _first(line) if line is upper or line is lower else 0
        if start < len(line.boxes) and line.boxes[start][0] > edge:
            columns.append(part_of(line, start, len(line.boxes)) if start else line)
    middle = (_middle(upper) + _middle(lower)) / 2
    level = [line for line in columns if _middle(upper) - upper.height < _middle(line) < _middle(lower) + lower.height]
    if not level:
        return []
    left = min(line.boxes[0][0] for line in level)
    column = sorted((line for line in columns if abs(line.boxes[0][0] - left) < upper.height), key=_middle)
    nearest = min(column, key=lambda line: abs(_middle(line) - middle), default=None)
    if nearest is None:
        return []
    at = next(i for i, line in enumerate(column) if line is nearest)
    pitches = [_middle(b) - _middle(a) for a, b in itertools.pairwise(column)]
    pitch = min((p for p in pitches[max(0, at - 1) : at + 1]), default=0.0)
    pitch = pitch if pitch < _PITCH * upper.height else 0.0
    first = last = at
    while first > 0 and pitches[first - 1] <= _EVEN * pitch:
        first -= 1
    while last < len(pitches) and pitches[last] <= _EVEN * pitch:
        last += 1
    return column[first : last + 1]


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2
