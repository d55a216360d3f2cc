"""The help of every command ends with an example that its own parser takes."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from typer.testing import CliRunner

from app.entrypoints.cli.examples import EXAMPLES
from app.entrypoints.cli.main import cli

MAIN: Any = typer.main.get_command(cli)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(commands(MAIN)), ids=" ".join)
def test_every_help_has_an_example(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(cli, [*path, "--help"], env={"COLUMNS": "200"})
    assert f"bidscreen {path[0]}" in shown.stdout.split("Example", 1)[1] or "bidscreen -C" in shown.stdout


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_parse(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(EXAMPLES[name])
    if ">" in words:
        words = words[: words.index(">")]
    if words[0] == "-C":
        words = words[2:]
    path = name.split()
    assert words[: len(path)] == path
    for word in words:
        if "." in word and not word.startswith(("/", "age1", "-")):
            (tmp_path / word).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / word).touch()
    command = MAIN
    for step in path:
        command = command.commands[step]
    try:
        command.make_context(name, words[len(path) :])
    except click.UsageError as error:
        pytest.fail(f"{name}: {error.format_message()}")
