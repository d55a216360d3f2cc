"""`bidscreen policy`: new, check with line and pointer, explain, schema."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from app.tendering.policies.loader import presets


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["policy", *map(str, words)])


@pytest.mark.parametrize("preset", presets())
def test_a_new_policy_is_sound_and_keeps_the_comments(preset: str, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    assert run("new", "own-2027", "--from", preset, "--out", file).exit_code == 0
    assert "id: own-2027\n" in file.read_text("utf-8") and file.read_text("utf-8").startswith("#")
    checked = run("check", file)
    assert checked.exit_code == 0 and "own-2027 version 1" in checked.stdout
    assert run("new", "own-2027", "--out", file).exit_code == 2, "a file is never overwritten"


@pytest.mark.parametrize("words", [("Own 1",), ("own", "--from", "suzhou-1999")])
def test_a_wrong_name_is_wrong_usage(words: tuple[str, ...]) -> None:
    assert run("new", *words).exit_code == 2


def test_each_error_has_its_line_and_pointer(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    run("new", "own", "--from", "elderly-care", "--out", file)
    text = file.read_text("utf-8").replace("minimum: 5", "minimum: five").replace("\nstaff:", "\nstuff:")
    file.write_text(text, "utf-8")
    lines = text.splitlines()
    found = run("check", file)
    assert found.exit_code == 3
    places = [one.removeprefix(f"{file}:").split(": ")[:2] for one in found.stdout.splitlines()]
    assert [pointer for _, pointer in places] == ["/requirements/3/minimum", "/stuff"]
    numbers = [int(place.split(":")[0]) for place, _ in places]
    assert "five" in lines[numbers[0] - 1] and lines[numbers[1] - 1] == "stuff:"


def test_broken_yaml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("id: [\n", "utf-8")
    found = run("check", file)
    assert found.exit_code == 3 and "well-formed YAML (line 2, column 1)" in found.stdout


@pytest.mark.parametrize(("language", "word"), [("zh", "护士、护师"), ("en", "2 persons or more")])
def test_a_policy_is_explained(language: str, word: str) -> None:
    found = run("explain", "elderly-care", "--language", language)
    assert found.exit_code == 0 and word in found.stdout
    assert run("explain", "elderly-care", "--language", "fr").exit_code == 2
    assert run("explain", "nothing").exit_code == 3


def test_the_schema_is_json() -> None:
    assert "requirements" in json.loads(run("schema").stdout)["properties"]


@pytest.mark.parametrize("preset", presets())
def test_an_exported_policy_is_the_same_policy(preset: str, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    run("new", "own", "--from", preset, "--out", file)
    exported = tmp_path / "own.json"
    exported.write_text(run("export", file).stdout, "utf-8")
    assert json.loads(exported.read_text("utf-8"))["id"] == "own"
    assert run("check", exported).stdout.split(": ", 1)[1] == run("check", file).stdout.split(": ", 1)[1]
    assert json.loads(run("export", preset).stdout)["id"] == preset
    file.write_text("id: own\n", "utf-8")
    refused = run("export", file)
    assert refused.exit_code == 3 and refused.stdout == ""
