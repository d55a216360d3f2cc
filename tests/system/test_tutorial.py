"""The tutorials run as they stand: every block in order, in an empty directory, against a service it starts itself."""

import os
import re
import socket
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

from tests.making.warm import warm

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "tutorial-own-tender.md"
CHINESE = DOCS / "tutorial-own-tender.zh-CN.md"
BLOCKS = re.compile(r"^```sh\n(?P<commands>.*?)^```\n(?:\n```text\n(?P<printed>.*?)^```)?", re.MULTILINE | re.DOTALL)
END = "=== end of block"


def blocks(page):
    """Commands and what they print (None where the page states nothing), in order."""
    return [found.group("commands", "printed") for found in BLOCKS.finditer(page.read_text("utf-8"))]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def run(commands, directory, commands_in):
    """What bash prints, its end, and what it complains of; the service ends with it."""
    port = free_port()
    script = 'set -euo pipefail\ntrap \'[ -z "${SERVICE-}" ] || kill "$SERVICE" 2> /dev/null || true\' EXIT\n'
    script += "".join(f"{one}echo {END!r}\n" for one in commands)
    script = script.replace(":8000", f":{port}").replace("--port 8000", f"--port {port}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIDSCREEN_")}
    environment = {**kept, "PATH": f"{commands_in}:{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", script], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )


def same(stated, printed):
    """Whether the output is as stated; `…` stands for anything."""
    pattern = "".join(".*?" if part == "…" else re.escape(part) for part in re.split("(…)", stated))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def test_a_tender_of_ones_own_goes_from_init_to_the_award(tmp_path):
    page = blocks(PAGE)
    (commands_in := tmp_path / "commands").mkdir()
    (directory := tmp_path / "empty").mkdir()
    warm().command_in(commands_in)
    done = run([commands for commands, _ in page], directory, commands_in)
    printed = done.stdout.split(f"{END}\n")[:-1]
    for number, ((commands, stated), found) in enumerate(zip_longest(page, printed, fillvalue=(None, None)), 1):
        told = f"block {number}: {commands}\nprinted: {found}\n{done.stderr[-2000:]}"
        assert isinstance(found, str), told
        assert stated is None or same(stated, found), told
    assert done.returncode == 0, done.stderr[-2000:]


def test_both_languages_show_the_same_commands_and_results():
    assert blocks(CHINESE) == blocks(PAGE)
    assert len(blocks(PAGE)) > 10
