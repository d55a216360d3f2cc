"""A kind of certificate as a table of rows: field, label, reader. A kind adds the rest in `read_more` and `check`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.evidence.reading.certificates.kind import KindReading, Reader, Region, read_labels
from app.evidence.reading.layout.label_values import Wanted
from app.evidence.reading.layout.labels import Labels
from app.evidence.reading.layout.pieces import Piece

_HEAD = 400  # characters within which a title is expected
_TITLED, _EACH_LABEL = 0.6, 0.12  # what title and labels add to a claim


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field, the usual wordings of its label (separated by blanks), the reader of its value.

    `like`: a pattern of other wordings. `many_lines`: the value may wrap. `wide`: blanks do not end it. `proved`: the
    reader checks the value, so a value below the label is tried as well. Without a reader the value is only passed to
    `read_more`.
    """

    field: str
    labels: str
    reader: Reader | None = None
    like: str = ""
    many_lines: bool = False
    wide: bool = False
    proved: bool = False


def with_wordings(rows: Sequence[FieldRow], **more: str) -> tuple[FieldRow, ...]:
    """Return the rows of a related kind, with further wordings of some labels, by field."""
    return tuple(replace(row, labels=f"{row.labels} {more[row.field]}") if row.field in more else row for row in rows)


def with_readers(rows: Sequence[FieldRow], readers: Mapping[str, Reader]) -> tuple[FieldRow, ...]:
    """Return the rows with their readers, by field."""
    return tuple(replace(row, reader=readers.get(row.field)) for row in rows)


class LabelledKind:
    """Base class of kinds whose fields are printed beside or below labels."""

    name = ""
    title = ""
    rows: tuple[FieldRow, ...] = ()
    stops = ""
    many_pages = False
    begins_anew = True
    anchor = ""
    required: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()

    def __init__(self) -> None:
        wanted = (Wanted(r.field, r.labels, r.many_lines, r.wide, r.like, r.proved) for r in self.rows)
        self.labels: Labels | None = Labels(wanted, self.stops)
        self._readers = {row.field: row.reader for row in self.rows if row.reader}
        self._title = re.compile(self.title)
        self._labelled = [re.compile("|".join(map(re.escape, row.labels.split()))) for row in self.rows]

    def claims(self, text: str) -> float:
        """Claim by the title near the top, and the labels."""
        if not self._title.search(text[:_HEAD].replace("\n", "")):
            return 0.0
        return min(1.0, _TITLED + _EACH_LABEL * sum(pattern.search(text) is not None for pattern in self._labelled))

    def read(self, regions: Sequence[Region]) -> KindReading:
        """Read all fields of one certificate."""
        reading = KindReading()
        for region in regions:
            assert self.labels is not None
            self.read_more(reading, region, read_labels(reading, region, self.labels, self._readers))
        return reading

    def read_more(self, reading: KindReading, region: Region, found: dict[str, list[Piece]]) -> None:
        """Read fields that the table does not cover; `found` has the pieces of every label."""

    def check(self, reading: KindReading) -> None:
        """Cross-check the values."""
