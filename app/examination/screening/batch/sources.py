"""Locate dossiers: a folder, a folder of folders, a JSON file, or a JSONL file with one dossier per line."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import orjson

from app.bidders.dossier_reader import LARGEST, DossierRefused
from app.platform.access.masking import masked_text

DOSSIER = "dossier.json"
LONGEST_ID = 200
ROSTERS = ("roster.xlsx", "roster.csv", "roster.xls")


class NoDossiers(ValueError):
    """No dossier was found at a path, or a path was given twice."""


@dataclass(frozen=True, slots=True)
class Source:
    """One dossier to be read: its name on the result line, its full path, its text, its folder if it has one."""

    name: str
    path: str
    text: Callable[[], bytes]
    folder: Path | None = None
    has_id: bool = False  # the JSON may name the dossier by an `id`, which is not part of the dossier

    @property
    def roster(self) -> Path | None:
        """Return the roster file that replaces the dossier's own roster."""
        if self.folder is None:
            return None
        return next((path for name in ROSTERS if (path := self.folder / name).is_file()), None)

    @property
    def documents(self) -> tuple[Path, ...]:
        """Return the files under `documents/`, by name."""
        folder = self.folder / "documents" if self.folder else None
        return tuple(sorted(path for path in folder.iterdir() if path.is_file())) if folder and folder.is_dir() else ()


def find_sources(paths: Iterable[Path]) -> list[Source]:
    """Find all dossiers under the paths, in order; a name that two share is replaced by the full path."""
    found = [source for path in paths for source in _sources(path)]
    seen = Counter(source.name for source in found)
    named = [source if seen[source.name] == 1 else replace(source, name=source.path) for source in found]
    twice = [name for name, times in Counter(source.name for source in named).items() if times > 1]
    if twice:
        raise NoDossiers(f"{twice[0]}: given twice")
    return named


def is_read(file: Path, paths: Iterable[Path]) -> bool:
    """Whether a run over the paths reads this file: one of them, or a dossier or roster in one of them."""
    if not file.exists():
        return False
    place, is_part = file.resolve(), file.name in (DOSSIER, *ROSTERS)
    return any(
        place.is_relative_to(path.resolve()) if path.is_dir() and is_part else place == path.resolve() for path in paths
    )


def _source(name: str, path: Path | str, text: Callable[[], bytes], folder: Path | None = None) -> Source:
    """Build a source. File names that are not UTF-8 are shown with escapes, since a result line is UTF-8; ID numbers
    are masked.
    """
    return Source(_shown(name), _shown(str(path)), text, folder)


def _shown(name: str) -> str:
    return masked_text(os.fsencode(name).decode("utf-8", "backslashreplace"))


def _sources(path: Path) -> Iterator[Source]:
    if path.is_dir():
        yield from _folders(path)
    elif path.suffix == ".jsonl":
        yield from _lines(path)
    elif path.is_file():
        yield _source(path.stem, path, _reader(path))
    else:
        raise NoDossiers(f"{path}: no such file or folder")


def _folders(path: Path) -> Iterator[Source]:
    if (path / DOSSIER).is_file():
        yield _source(path.resolve().name, path, _reader(path / DOSSIER), path)
        return
    folders = sorted(entry for entry in path.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    if not folders:
        raise NoDossiers(f"{path}: expected {DOSSIER} or a folder in it")
    for folder in folders:
        yield _source(folder.name, folder, _reader(folder / DOSSIER), folder)


def _reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):  # a pipe would block the batch, a device has no end
                raise DossierRefused("dossier_unreadable", "this is not a regular file")
            if found.st_size > LARGEST:
                raise DossierRefused("dossier_too_large", f"a dossier has at most {LARGEST // 2**20} MiB")
            return path.read_bytes()
        except FileNotFoundError:
            raise DossierRefused("dossier_missing", f"there is no {DOSSIER} in this folder") from None
        except OSError:
            raise DossierRefused("dossier_unreadable", "the file cannot be read") from None

    return read


def _lines(path: Path) -> Iterator[Source]:
    """Return one source per line. A line may name its dossier by an `id`; without one the name is that of the file and
    the line.
    """
    name, place = _shown(path.stem), _shown(str(path))
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                own = _own_id(line)
                yield Source(
                    own or f"{name}#{number}", f"{place}#{number}", partial(bytes, line), has_id=own is not None
                )


def _own_id(line: bytes) -> str | None:
    """Return the `id` of a JSON line, a text or an integer; None without one, or if the line cannot be parsed."""
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None  # the error is reported when the dossier is read
    own = data.get("id") if isinstance(data, dict) else None
    if isinstance(own, bool) or not isinstance(own, str | int) or not 0 < len(str(own)) <= LONGEST_ID:
        return None
    return _shown(str(own))
