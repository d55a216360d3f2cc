"""The commands in the user guide exist, with their options; its formats are accepted."""

import json
import os
import re
import shlex
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "user-guide.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(?:sh)?\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.replace("\\\n", " ").splitlines()]
COMMANDS = [
    [word for word in shlex.split(line, comments=True) if word != "…" and "=elsewhere" not in word]
    for line in LINES
    if re.match(r"(?:BIDSCREEN_\w+=\S+ )?bidscreen ", line)
]


def parsed(words: list[str]) -> click.Context:
    """Return the command's context, with its options parsed and nothing executed."""
    command, context = typer.main.get_command(cli), None
    while isinstance(command, click.Group) or hasattr(command, "commands"):
        name = words.pop(0)
        context = click.Context(command, info_name=name, parent=context)
        command = command.commands[name]  # type: ignore[attr-defined]
    return command.make_context(words[0] if words else "", list(words), parent=context)


def test_the_guide_shows_commands() -> None:
    assert len(COMMANDS) > 15


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_of_the_guide_can_be_given_so(words: list[str]) -> None:
    parsed(words[1:])


def test_the_first_section_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = GUIDE[GUIDE.index("## 1. Keys") : GUIDE.index("## 2. ")]
    lines = [line for line in section.splitlines() if line.startswith(("bidscreen ", "export "))]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.delenv("BIDSCREEN_DATA_DIR", raising=False)
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            monkeypatch.setenv(*words[1].split("="))
            continue
        given = "lantern-quarry-94-meadow\n" if "set-password" in words else None
        done = CliRunner().invoke(cli, words[1:], input=given)
        assert done.exit_code == 0, (line, done.output)


@pytest.mark.parametrize(("command", "place"), [("rank", 0), ("awards", 1)])
def test_the_formats_of_the_guide_are_accepted(command: str, place: int, tmp_path: Path) -> None:
    example = re.findall(r"^```json\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)[place]
    file = tmp_path / "given.json"
    file.write_text(example, "utf-8")
    done = CliRunner().invoke(cli, [command, str(file)])
    assert done.exit_code == 0, done.stdout
    assert "errors" not in json.loads(done.stdout)
