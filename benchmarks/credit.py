"""Measure credit lists at size: import, search by kind of difference, recall and precision, batches of codes, and peers
in the same run.

    python benchmarks/credit.py --entries 1000000 --directory /tmp/credit [--peer] [--write docs/credit-matching.md]

Times are CPU time of this process, so that other load on the machine does not change them; the import also states wall
time. The peer pg_trgm needs a PostgreSQL with contrib on this machine (found by `pg_config`); without one it is
skipped.
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import credit_names as source
import numpy as np
import psycopg

from app.core.facts.dossier import Organization
from app.evidence.credit.index.hashing import code_words
from app.evidence.credit.index.importer import Library
from app.evidence.credit.index.on_disk import MappedSnapshot

THRESHOLD = 750
CODES = 900_000
MOST_SAMPLED = 1_000_000  # names are similar to one another, and generating all of them takes long
WARM = 500  # searches for other names before the first measured one, as in a service that has been running
NEAREST = "SELECT name, similarity(name, %(q)s) FROM entry WHERE name %% %(q)s ORDER BY 2 DESC LIMIT 20"
CHILD = """
import resource, sys, time
from pathlib import Path
from app.evidence.credit.index.importer import Library
start = time.time()
made = Library(Path(sys.argv[1])).take(Path(sys.argv[2]))
used = resource.getrusage(resource.RUSAGE_SELF)
print(made.manifest.content_sha256, made.manifest.size, time.time() - start, used.ru_utime + used.ru_stime)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--directory", type=Path)
    parser.add_argument("--peer", action="store_true", help="load the same names into PostgreSQL with pg_trgm")
    parser.add_argument("--keep", action="store_true", help="reuse the import of an earlier run in the directory")
    parser.add_argument("--write", type=Path, help="write the tables between the marks of this page")
    asked = parser.parse_args()
    directory = asked.directory or Path(tempfile.mkdtemp(prefix="credit-"))
    directory.mkdir(parents=True, exist_ok=True)
    lines = list(run(directory, asked))
    if asked.write:
        write(asked.write, asked.entries, lines)


def run(directory: Path, asked: argparse.Namespace) -> Iterator[str]:
    count = asked.entries

    def say(line: str) -> str:
        print(line, flush=True)
        return line

    file = directory / f"list-{count}.csv"
    if not file.exists():
        source.write_list(file, count)
    library = directory / f"library-{count}"
    if not asked.keep:
        shutil.rmtree(library, ignore_errors=True)
    content = yield from imported(library, file, count, say)
    snapshot = MappedSnapshot(Library(library).path(content))
    chosen = sorted(random.Random(7).sample(range(min(count, MOST_SAMPLED)), asked.samples))
    mades = list(source.sample(1, count, chosen))
    names = {made.name: snapshot.entry(row).name for row, made in zip(chosen, mades, strict=True)}
    if any(one != other for one, other in names.items()):
        raise SystemExit(f"{file} holds the names of another version of this program: remove it")
    for row in random.Random(8).sample(range(count), WARM):
        snapshot.search(Organization(snapshot.entry(row).name), THRESHOLD)
    yield from searched(snapshot, chosen, mades, say)
    yield from batch(snapshot, file, count, say)
    anonymous = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    yield say(f"| memory of this process without mapped pages | {int(anonymous.split()[1]) // 1024} MB |")
    if asked.peer:
        yield from peer(directory, file, snapshot, mades[:100], say)


Say = Callable[[str], str]


def imported(library: Path, file: Path, count: int, say: Say) -> Iterator[str]:
    told = library / "told"
    if not told.exists():
        out = subprocess.run([sys.executable, "-c", CHILD, library, file], check=True, capture_output=True, text=True)
        told.write_text(out.stdout)
    content, size, wall, cpu = told.read_text().split()
    yield say("| import | |")
    yield say("|---|---|")
    yield say(f"| entries | {count:,} |")
    yield say(f"| entries a CPU second, index and checksums included | {count / float(cpu):,.0f} |")
    yield say(f"| entries a second of wall time | {count / float(wall):,.0f} |")
    yield say(f"| size of all files | {int(size) / 2**20:,.0f} MiB |")
    yield say("")
    return content


def searched(snapshot: MappedSnapshot, chosen: Sequence[int], mades: Sequence[source.Made], say: Say) -> Iterator[str]:
    yield say("| query | queries | entry found | candidates a query | p50 ms | p99 ms |")
    yield say("|---|---|---|---|---|---|")
    true = false = 0
    plain = [(row, made) for row, made in zip(chosen, mades, strict=True) if not source.is_numbered(made)]
    for kind, change in (source.SAME | source.ONE_EDIT | source.TWO_EDITS).items():
        least = 5 if kind in source.TWO_EDITS else 3 if kind in source.ONE_EDIT else 1
        found = yield from measured(snapshot, kind, change, [pair for pair in plain if len(pair[1].core) >= least], say)
        true += found
    numbered = [pair for pair in zip(chosen, mades, strict=True) if source.is_numbered(pair[1])]
    for kind, change in source.NEGATIVE.items():
        pairs = numbered if "numbered" in kind else plain
        false += yield from measured(snapshot, kind, change, pairs, say)
    yield say("")
    yield say(f"| precision over all of these queries | {true / (true + false):.4f} |")
    yield say("|---|---|")


def measured(
    snapshot: MappedSnapshot, kind: str, change: source.Change, pairs: Sequence[tuple[int, source.Made]], say: Say
) -> Iterator[str]:
    names, times, found, candidates = source.Names(99), [], 0, 0
    for row, made in pairs:
        organization = Organization(change(made, names))
        start = time.process_time_ns()
        search = snapshot.search(organization, THRESHOLD)
        times.append((time.process_time_ns() - start) / 1e6)
        candidates += len(search.found)
        found += any(one.entry.id == f"L{row + 2}" for one in search.found)
    count = max(1, len(pairs))
    times.sort()
    p50, p99 = (statistics.median(times), times[int(len(times) * 0.99)]) if times else (0, 0)
    yield say(
        f"| {kind} | {len(pairs)} | {100 * found / count:.1f} % | {candidates / count:.1f} | {p50:.3f} | {p99:.3f} |"
    )
    return found


def batch(snapshot: MappedSnapshot, file: Path, count: int, say: Say) -> Iterator[str]:
    numbers = np.random.default_rng(3).integers(0, 2 * count, min(CODES, count))
    codes = np.concatenate([np.array(source.uscc(part), "S18") for part in np.array_split(numbers, 10)])
    known = np.sort(code_words(np.asarray(snapshot.codes)))
    ours, probe = [], []
    for _ in range(5):  # sequentially, since others use the machine too
        start = time.process_time()
        rows = snapshot.holders(codes)
        ours.append(time.process_time() - start)
        start = time.process_time()
        wanted = np.sort(code_words(codes))
        places = known.searchsorted(wanted)
        plain = int((known.take(places, mode="clip") == wanted).sum())
        probe.append(time.process_time() - start)
    assert int((rows >= 0).sum()) == plain == int((numbers < count).sum())
    code = codes[rows >= 0][0].decode()
    times = []
    for _ in range(200):
        start = time.process_time_ns()
        snapshot.search(Organization(None, code), THRESHOLD)
        times.append((time.process_time_ns() - start) / 1e6)
    yield say(f"| one code, p50 ms | {statistics.median(times):.3f} |")
    mine, bare = statistics.median(ours), statistics.median(probe)
    yield say(f"| batch of {len(codes):,} codes, CPU seconds | {mine:.3f} |")
    yield say(f"| the same by a bare numpy sorted-hash probe | {bare:.3f} ({mine / bare:.2f} times) |")


@contextmanager
def postgresql(place: Path) -> Iterator[str]:
    """Start a PostgreSQL with contrib, on a socket in the directory, as user `postgres` because it refuses to run as
    root.
    """
    tools = Path(subprocess.check_output(["pg_config", "--bindir"], text=True).strip())
    place.mkdir(exist_ok=True)
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(place, user)
        for parent in place.resolve().parents:
            parent.chmod(parent.stat().st_mode | 0o011)
    options = f"-k {place} -c listen_addresses= -c fsync=off -c shared_buffers=1GB -c maintenance_work_mem=1GB -c max_wal_size=8GB"
    make = [tools / "initdb", "-D", place / "data", "-U", "bench", "--locale=C.UTF-8", "-E", "UTF8", "-A", "trust"]
    if not (place / "data").exists():
        subprocess.run(make, check=True, user=user, stdout=subprocess.DEVNULL, cwd=place)
    control = [tools / "pg_ctl", "-D", place / "data", "-w", "-o", options, "-l", place / "log"]
    subprocess.run([*control, "start"], check=True, user=user, stdout=subprocess.DEVNULL, cwd=place)
    try:
        yield f"host={place} user=bench dbname=postgres"
    finally:
        stop = [tools / "pg_ctl", "-D", place / "data", "-w", "-m", "fast", "stop"]
        subprocess.run(stop, check=False, user=user, stdout=subprocess.DEVNULL, cwd=place)


def load_peer(connection: psycopg.Connection, file: Path) -> None:
    """Load the names of the list with a trigram index, unless an earlier run has loaded this very file."""
    mark = f"{file.stat().st_size} {file.stat().st_mtime_ns}"
    if connection.execute("SELECT obj_description(to_regclass('entry_name_idx'))").fetchone() == (mark,):
        return
    connection.execute("DROP TABLE IF EXISTS entry")
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.execute("CREATE TABLE entry (name text)")
    with connection.cursor().copy("COPY entry FROM STDIN") as copy, file.open(encoding="utf-8") as rows:
        next(rows)
        for row in rows:
            copy.write(row.split(",", 1)[0] + "\n")
    connection.execute("CREATE INDEX entry_name_idx ON entry USING gin (name gin_trgm_ops)")
    connection.execute(f"COMMENT ON INDEX entry_name_idx IS '{mark}'")


def peer(
    directory: Path, file: Path, snapshot: MappedSnapshot, mades: Sequence[source.Made], say: Say
) -> Iterator[str]:
    names = source.Names(99)
    queries = [source.ONE_EDIT["one character changed"](made, names) for made in mades if len(made.core) > 2]
    theirs, ours = [], []
    with (
        postgresql(directory / f"peer-{file.stem}") as address,
        psycopg.connect(address, autocommit=True) as connection,
    ):
        load_peer(connection, file)
        connection.execute("SET pg_trgm.similarity_threshold = 0.6")
        for query in queries:
            start = time.perf_counter()
            connection.execute(NEAREST, {"q": query}).fetchall()
            theirs.append(time.perf_counter() - start)
        for query in queries:
            start = time.perf_counter()
            snapshot.search(Organization(query), THRESHOLD)
            ours.append(time.perf_counter() - start)
    mine, other = statistics.median(ours), statistics.median(theirs)
    yield say(f"| one character changed, p50 ms of wall time | {1000 * mine:.3f} |")
    yield say(
        f"| the same by pg_trgm (> 0.6, GIN) on the same entries | {1000 * other:.1f} ({other / mine:.0f} times) |"
    )


def write(page: Path, count: int, lines: Sequence[str]) -> None:
    """Replace the text between the marks of this size, or append it."""
    begin, end = f"<!-- {count} entries -->", f"<!-- end of {count} entries -->"
    text = page.read_text("utf-8")
    block = "\n".join([begin, f"### {count:,} entries", "", *lines, end])
    before, mark, rest = text.partition(begin)
    text = before + block + rest.partition(end)[2] if mark else f"{text.rstrip()}\n\n{block}\n"
    page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
