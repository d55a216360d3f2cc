"""The short form of every proof, one after the other: `python -m proof` (about 8 minutes), `--shortest` for the suite."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from proof import faults, files, kills, load, parsers, races, upgrades

Proof = Callable[[list[str]], int]
SHORT: tuple[tuple[Any, str], ...] = (
    (kills, "--rounds 44"),
    (faults, "--most 2 --acts upload,award --down 2"),
    (races, "--rounds 50 --worlds 3"),
    (files, "--hostile --mutations 40"),
    (load, "--seconds 20 --bids 600 --rush 20"),
    (upgrades, "--kills 3"),
    (parsers, "--examples 400"),
)
SHORTEST: tuple[tuple[Any, str], ...] = (
    (kills, "--rounds 3 --databases sqlite --only upload,award,restore"),
    (faults, "--most 1 --databases sqlite --acts award --down 0"),
    (races, "--rounds 4 --worlds 1 --databases sqlite --only equal,award"),
    (parsers, "--examples 40"),
)


def main(words: list[str] | None = None) -> int:
    """Run them all, also after a breach; 1 if there was one."""
    parser = argparse.ArgumentParser(prog="proof")
    parser.add_argument("--shortest", action="store_true")
    given = parser.parse_args(words)
    results = [proof.main(asked.split()) for proof, asked in (SHORTEST if given.shortest else SHORT)]
    return max(results)


if __name__ == "__main__":
    sys.exit(main())
