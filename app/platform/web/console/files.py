"""The built files of the console, held in memory: a few megabytes, read once, so that no request touches the disk."""

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

BUILT = Path(__file__).with_name("built")
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file, with the encodings produced by the build (`br`, `gzip`); the key `identity` is always present."""

    media_type: str
    encodings: Mapping[str, bytes]

    def best(self, accepted: str) -> tuple[str, bytes]:
        """Return the encoding to use, by the request's `Accept-Encoding`; a quality of 0 refuses one (RFC 9110,
        12.5.3).
        """
        asked = dict(_weights(accepted))
        for name, _ in ENCODINGS:
            if name in self.encodings and asked.get(name, asked.get("*", 0.0)) > 0:
                return name, self.encodings[name]
        return "identity", self.encodings["identity"]


def built_files(folder: Path = BUILT) -> Mapping[str, BuiltFile]:
    """Return every built file by its address below `/`; empty where the console has not been built."""
    return {path.relative_to(folder).as_posix(): _read(path) for path in sorted(folder.rglob("*")) if _is_source(path)}


def _is_source(path: Path) -> bool:
    packed = path.suffix in {suffix for _, suffix in ENCODINGS}
    return path.is_file() and not packed and not path.name.startswith(".")


def _read(path: Path) -> BuiltFile:
    encodings = {"identity": path.read_bytes()}
    for name, suffix in ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if packed.is_file():
            encodings[name] = packed.read_bytes()
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return BuiltFile(media_type, encodings)


def _weights(accepted: str) -> Iterator[tuple[str, float]]:
    for part in accepted.split(","):
        name, _, parameter = part.strip().partition(";")
        key, _, weight = parameter.strip().partition("=")
        try:
            yield name.strip().lower(), float(weight) if key.strip() == "q" else 1.0
        except ValueError:
            yield name.strip().lower(), 0.0
