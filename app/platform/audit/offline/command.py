"""The command line of the verifier."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from app.platform.audit.offline.verification import lines_of, public_keys, verify
from app.platform.audit.offline.witness import witnessed_in


def main(arguments: list[str] | None = None) -> int:
    """Run the command: print the report as one JSON object and return the exit status."""
    parser = argparse.ArgumentParser(description="Verify an export of the audit trail.")
    parser.add_argument("export", type=Path, help="output of `bidscreen audit export`")
    parser.add_argument("--checkpoints", type=Path, help="the sink's folder, or a log with its lines")
    parser.add_argument("--public-key", type=Path, action="append", required=True, help="PEM file; may be repeated")
    given = parser.parse_args(arguments)
    try:
        witnessed = list(witnessed_in(given.checkpoints)) if given.checkpoints else None
        report = verify(lines_of(given.export), public_keys(given.public_key), witnessed)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    shown = {**asdict(report), "intact": report.intact, "witnessed": witnessed is not None}
    shown["breaks"], shown["broken"] = [asdict(one) for one in report.breaks[:100]], len(report.breaks)
    print(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0 if report.intact else 3
