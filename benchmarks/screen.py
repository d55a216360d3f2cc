"""Measure how many dossiers per second `bidscreen screen` processes on one core, against reading and writing them
without any rule.

    python benchmarks/screen.py [--dossiers 10000] [--runs 3] [--profile]

Both read the same JSONL in separate processes on the same core, in turn, start-up included. The peer parses each line,
validates it as a dossier and writes it out as JSON: the minimum for screening JSON dossiers in Python.
"""

import argparse
import cProfile
import json
import os
import pstats
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LISTS = ("court-dishonest", "tax-serious", "procurement-serious", "social-serious", "social-abnormal")
HEADER = "name,uscc,former_names,kind,from,to,reason,document\n"
PEER = """
import json, sys
from app.bidders.dossier_format import DossierPart
with open(sys.argv[1], "rb") as lines, open(sys.argv[2], "w", encoding="utf-8") as out:
    for line in lines:
        data = json.loads(line)
        DossierPart.model_validate(data)
        out.write(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\\n")
"""
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def code(number: int) -> str:
    body = f"52320508MJ{number:07d}"
    total = sum(_USCC.index(character) * weight for character, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC[(31 - total % 31) % 31]


def resident_id(number: int) -> str:
    body = (
        f"320508{1965 + number // 1000 % 35}{1 + number // 35000 % 12:02d}{1 + number // 420000:02d}{number % 1000:03d}"
    )
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def line(number: int, payer: str, chance: random.Random) -> dict[str, Any]:
    """Return a roster line; one in six has something that excludes it or makes it doubtful."""
    sound: dict[str, Any] = {
        "name": f"员工{number}",
        "residentId": resident_id(number),
        "employment": "full_time",
        "position": "社工",
        "contractFrom": f"201{chance.randrange(1, 6)}-0{chance.randrange(1, 10)}-01",
        "contractTo": "2018-12-31",
        "socialInsurance": {"payer": payer, "from": "2016-01", "to": "2017-05"},
        "certificates": [],
    }
    if chance.random() < 0.5:
        held = {
            "kind": "social_worker",
            "level": "assistant",
            "number": f"2015{number:014d}",
            "approvedOn": "2015-09-01",
        }
        sound["certificates"] = [held]
    odd = [{"employment": "part_time"}, {"contractTo": "2017-01-31"}, {"residentId": None}, {"socialInsurance": None}]
    return sound | chance.choice(odd) if chance.random() < 1 / 6 else sound


def dossier(number: int, chance: random.Random) -> dict[str, Any]:
    name = f"苏州市第{number}社会工作服务社"
    return {
        "organization": {
            "name": name,
            "identifier": {"scheme": "CN-USCC", "id": code(number)},
            "formerNames": [],
            "registration": {
                "authority": "苏州市姑苏区民政局",
                "kind": "registered",
                "legalForm": "private_non_enterprise",
                "personality": "legal_person",
                "registeredOn": "2014-03-01",
                "validFrom": "2015-03-01",
                "validTo": chance.choice(["2019-02-28", "2019-02-28", "2019-02-28", "2017-02-28"]),
                "businessScope": "社会工作服务；社区服务项目的承接",
                "annualChecks": [{"year": 2016, "conclusion": "passed"}],
            },
        },
        "roster": [line(number * 14 + n, name, chance) for n in range(chance.randrange(8, 15))],
        "declarations": [
            {"kind": kind, "signedOn": "2017-05-02"}
            for kind in ("no_major_violation", "financial_accounting", "technical_capability")
        ],
        "auditReports": [{"firm": "某会计师事务所", "year": 2016, "opinion": "unqualified"}],
    }


def prepare(folder: Path, number: int) -> tuple[Path, list[str]]:
    """Write the dossiers; return the command's options: five lists of 500 entries."""
    chance = random.Random(20170531)
    source = folder / "dossiers.jsonl"
    with source.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(dossier(n, chance), ensure_ascii=False) + "\n" for n in range(number))
    options = ["--as-of", "2017-05-31"]
    for place, name in enumerate(LISTS):
        file = folder / f"{name}.csv"
        rows = [f"苏州市别的{place}{n}服务社,{code(9_000_000 - place * 1000 - n)},,,2016-01-01,,," for n in range(499)]
        file.write_text(HEADER + "\n".join([*rows, f"某社,{code(place * 7)},,,2016-01-01,,,"]) + "\n", "utf-8")
        options += ["--credit-list", f"{name}={file}"]
    return source, options


def measure(command: Sequence[str]) -> tuple[float, float]:
    """Return wall and CPU seconds of a process on the first core it may use, start-up included."""
    core = min(os.sched_getaffinity(0))
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def profile(source: Path, options: list[str], out: Path) -> None:
    """Print the time by function."""
    from typer.testing import CliRunner  # noqa: PLC0415 - only here, not in what is measured

    from app.entrypoints.cli.main import cli  # noqa: PLC0415

    profiler = cProfile.Profile()
    profiler.runcall(CliRunner().invoke, cli, ["screen", str(source), *options, "--out", str(out)])
    pstats.Stats(profiler).sort_stats("tottime").print_stats(35)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source, options = prepare(folder, given.dossiers)
        out = str(folder / "out.jsonl")
        if given.profile:
            profile(source, options, Path(out))
            return
        screen = [str(Path(sys.executable).with_name("bidscreen")), "screen", str(source), *options, "--out", out]
        peer = [sys.executable, "-c", PEER, str(source), out]
        runs = [(measure(screen), measure(peer)) for _ in range(given.runs)]
    (wall, cpu), (peer_wall, peer_cpu) = (min(one) for one in zip(*runs, strict=True))
    print(f"screen: {given.dossiers / cpu:8.0f} dossiers/s of CPU, {given.dossiers / wall:8.0f} of wall time")
    print(f"peer:   {given.dossiers / peer_cpu:8.0f} dossiers/s of CPU, {given.dossiers / peer_wall:8.0f} of wall time")
    print(f"ratio of CPU: {peer_cpu / cpu:.2f} of the peer's rate (best of {given.runs})")


if __name__ == "__main__":
    main()
