"""Measure requests per second of `GET /screenings/{id}`, against a bare FastAPI route that does one SQLite read, in the
same run.

    python benchmarks/reads.py [connections]

Prints both rates, the CPU time of each request on the server, and the ratio (aim: at least 0.40).
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.service import create
from app.entrypoints.bootstrap import from_environment
from app.examination.screening import requests
from app.examination.screening.schemas import ScreeningIn
from app.platform.access.roles import Role

SECONDS, ROUNDS = 3, 3
DOSSIER = {
    "organization": {"name": "苏州市试验社会工作服务社"},
    "roster": [{"name": f"员工{number}", "employment": "full_time"} for number in range(12)],
}
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
BARE = """
import socket, sqlite3, sys, threading
import uvicorn
from fastapi import FastAPI, Response
app, local = FastAPI(), threading.local()

@app.get("/screenings/{screening_id}")
def read(screening_id: str):
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(sys.argv[1])
    row = local.connection.execute("SELECT result FROM screening WHERE id = ?", (screening_id,)).fetchone()
    return Response(row[0], media_type="application/json")

with socket.create_server(("127.0.0.1", 0)) as taken:
    port = taken.getsockname()[1]
print(f"listening on http://127.0.0.1:{port}", flush=True)
uvicorn.run(app, port=port, access_log=False, log_level="error")
"""


async def rate(port: int, path: str, headers: str, connections: int) -> float:
    """Return responses per second over this many kept connections."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()
    ends = time.perf_counter() + SECONDS

    async def ask() -> int:
        answered = 0
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < ends:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if b" 200 " not in head[:16]:
                raise RuntimeError(head.decode())
            await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]))
            answered += 1
        writer.close()
        return answered

    return sum(await asyncio.gather(*(ask() for _ in range(connections)))) / SECONDS


def started(command: list[str]) -> tuple[subprocess.Popen[str], int]:
    """Start a server; return it and its port once it answers."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline().rpartition(":")[2])
    time.sleep(1)
    return process, port


def cpu(process: subprocess.Popen[str]) -> float:
    """Return the CPU seconds the process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def measured(process: subprocess.Popen[str], *target: object) -> tuple[float, float]:
    """Return (requests per second, CPU microseconds per request)."""
    before = cpu(process)
    found = asyncio.run(rate(*target))  # type: ignore[arg-type]
    return found, (cpu(process) - before) / (found * SECONDS) * 1e6


def main() -> None:
    """Measure both servers alternately."""
    connections = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    with tempfile.TemporaryDirectory() as directory:
        os.environ["BIDSCREEN_DATA_DIR"] = directory
        platform = from_environment()
        with platform.work() as work:
            key = create(work, "benchmark", Binding(Role.OFFICER))[1]
            screening_id = requests.create(
                work, ScreeningIn.model_validate({"dossier": DOSSIER, "asOf": "2017-05-31"})
            ).id
        platform.engine.dispose()
        bare, bare_port = started(["-c", BARE, f"{directory}/bidscreen.db"])
        ours, our_port = started(["-m", "app", "serve", "--port", "0"])
        try:
            for _ in range(ROUNDS):
                plain = measured(bare, bare_port, f"/screenings/{screening_id}", "", connections)
                full = measured(
                    ours,
                    our_port,
                    f"/api/v1/screenings/{screening_id}",
                    f"Authorization: Bearer {key}\r\n",
                    connections,
                )
                print(
                    f"bare {plain[0]:.0f}/s ({plain[1]:.0f} us) bidscreen {full[0]:.0f}/s ({full[1]:.0f} us) "
                    f"ratio {full[0] / plain[0]:.2f}"
                )
        finally:
            bare.terminate()
            ours.terminate()


if __name__ == "__main__":
    main()
