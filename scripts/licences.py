"""Check the licences of the runtime dependencies from their metadata; fail on strong copyleft and on missing
statements.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).parent.parent / "requirements" / "runtime.lock"

# Licences that allow an agency to run the service and keep its changes private. LGPL and MPL packages are used as
# distributed, unchanged and replaceable.
ALLOWED = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-2.1-or-later", "LGPL-3.0-only",
     "LGPL-3.0-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Zlib"}
)  # fmt: skip
# Terms of older metadata, lower case without blanks.
_WORDS = {
    "3-clausebsdlicense": "BSD-3-Clause",
    "apache2.0": "Apache-2.0",
    "apachelicense2.0": "Apache-2.0",
    "apachesoftwarelicense": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsdlicense": "BSD-3-Clause",
    "gnulessergeneralpubliclicensev2orlater(lgplv2+)": "LGPL-2.1-or-later",
    "gnulibraryorlessergeneralpubliclicense(lgpl)": "LGPL-3.0-or-later",
    "isclicense(iscl)": "ISC",
    "mitlicense": "MIT",
    "mozillapubliclicense2.0(mpl2.0)": "MPL-2.0",
    "pythonsoftwarefoundationlicense": "PSF-2.0",
    "silopenfontlicense1.1(ofl-1.1)": "OFL-1.1",
}
# Metadata without a readable statement; taken from the licence file in the distribution.
_FROM_THE_LICENCE_FILE = {
    "pyrage": "MIT",
    "pypdfium2": "Apache-2.0 OR BSD-3-Clause",  # PDFium itself likewise; its own parts in BUILD_LICENSES
}


@dataclass(frozen=True, slots=True)
class Locked:
    """One requirement of the lock: `applies` if it is installed on this kind of machine."""

    name: str
    version: str
    marker: str | None
    applies: bool
    hashes: tuple[str, ...]


def locked(lock: Path = LOCK) -> Iterator[Locked]:
    """Return every requirement of a lock with its SHA-256 hashes, in file order."""
    for block in lock.read_text("utf-8").replace("\\\n", " ").splitlines():
        line, *hashes = re.split(r"\s+--hash=sha256:", block.strip())
        if not line or line.startswith("#"):
            continue
        requirement = Requirement(line)
        (exact,) = requirement.specifier
        yield Locked(
            name=canonicalize_name(requirement.name),
            version=exact.version,
            marker=str(requirement.marker) if requirement.marker else None,
            applies=requirement.marker is None or requirement.marker.evaluate(),
            hashes=tuple(piece.strip() for piece in hashes),
        )


def licence(name: str) -> str | None:
    """Return the SPDX expression of an installed distribution; None without a readable statement."""
    if name in _FROM_THE_LICENCE_FILE:
        return _FROM_THE_LICENCE_FILE[name]
    about = metadata.metadata(name)
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    stated = [
        given.rsplit(" :: ", 1)[-1] for given in about.get_all("Classifier") or () if given.startswith("License ::")
    ]
    stated += [about.get("License") or ""]
    found = [_spdx(text) for text in stated]
    return next((text for text in found if text is not None), None)


def refused(expression: str | None) -> bool:
    """Whether an expression requires a licence that is not allowed. With OR one allowed side suffices, with AND all
    must be.
    """
    if expression is None:
        return True
    sides = expression.replace("(", " ").replace(")", " ").split(" AND ")
    return any(not ALLOWED & {name.strip() for name in side.split(" OR ")} for side in sides)


def _spdx(text: str) -> str | None:
    if all(part in ALLOWED for part in re.split(r" (?:AND|OR) ", text)):
        return text
    return _WORDS.get(re.sub(r"\s", "", text).lower())


def main() -> int:
    """Print the licences of the packages that the runtime lock installs here; return 1 if one is refused."""
    bad = 0
    for package in locked():
        if package.applies:
            found = licence(package.name)
            bad += refused(found)
            print(f"{'REFUSED ' if refused(found) else ''}{package.name} {package.version}: {found or 'unknown'}")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
