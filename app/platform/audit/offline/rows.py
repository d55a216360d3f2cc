"""Compare the rows of an export with what the events bind."""

from collections.abc import Iterator, Mapping

from app.platform.audit.offline.hashing import row_hash
from app.platform.audit.offline.lines import Binding, Break, plain, text_value


class Rows:
    """Read the rows of an export, ordered by table and id, and compare them with what the events bind."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], tuple[str, str]] = {}  # chain and hash
        self._before = ("", "")

    def push(self, line: bytes) -> str | None:
        """Add the next line; return the code of its error, if it has one."""
        body = (plain(line) or {}).get("row")
        try:
            place = text_value(body["table"]), text_value(body["id"])  # type: ignore[index]  # a TypeError, as for other values
            chain = text_value(body["chain"])  # type: ignore[index]
        except (KeyError, TypeError):
            return "unreadable"
        fault = "order" if place <= self._before else None
        self._before, self.found[place] = max(place, self._before), (chain, row_hash(body))  # type: ignore[arg-type]
        return fault

    def judged(self, bound: Mapping[tuple[str, str], Binding]) -> Iterator[Break]:
        """Yield rows that differ from their newest event: changed, missing, or bound by no event."""
        for place in sorted(bound.keys() | self.found.keys()):
            yield from row_break(place, bound.get(place), self.found.get(place))


def row_break(place: tuple[str, str], bound: Binding | None, found: tuple[str, str] | None) -> Iterator[Break]:
    """Return the break of one row, if any; `found` is its chain and its hash."""
    name = "/".join(place)
    if found is not None and (bound is None or bound.hash is None):
        chain, sequence = (found[0], 0) if bound is None else (bound.chain, bound.sequence)
        yield Break(chain, sequence, sequence, "row_unbound", f"{name}: no event writes this row")
    elif found is None and bound is not None and bound.hash is not None:
        yield Break(bound.chain, bound.sequence, bound.sequence, "row_missing", f"{name}: the row was removed")
    elif found is not None and bound is not None and found[1] != bound.hash:
        yield Break(bound.chain, bound.sequence, bound.sequence, "row_changed", f"{name}: is not what was recorded")
