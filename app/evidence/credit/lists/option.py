"""The value of `--credit-list`: NAME=FILE, or NAME=FILE@DATE where the retrieval day is known."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_DATED = re.compile(r"(?P<path>.+)@(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class ListOption:
    """A list given as a file; `retrieved_on` is None where the day is not stated."""

    name: str
    path: Path
    retrieved_on: date | None

    @classmethod
    def of(cls, text: str) -> "ListOption":
        """Parse the value; ValueError states what is expected. For a file whose own name ends in @DATE, the file name
        has priority.
        """
        name, separator, path = text.partition("=")
        if not name or not separator or not path:
            raise ValueError("NAME=FILE or NAME=FILE@YYYY-MM-DD is expected")
        dated = _DATED.fullmatch(path)
        if dated is None or Path(path).is_file():
            return cls(name, Path(path), None)
        try:
            return cls(name, Path(dated["path"]), date.fromisoformat(dated["day"]))
        except ValueError:
            raise ValueError("NAME=FILE@YYYY-MM-DD: there is no such day") from None
