"""Details of problems in Chinese: every text of the source has a translation, values are kept."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, Field, ValidationError

from app.platform.access.roles import Role
from app.platform.web.problem_details import ZH, chinese

APP = Path(__file__).parents[3] / "app"
BASES = ("Problem", "Conflict", "Forbidden", "Invalid", "NotFound")


def literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*literal(node.body), *literal(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)


def source_texts() -> set[str]:
    """Return the texts that faults, validators and problems are raised with; f-strings with `{}` for each value."""
    trees = [ast.parse(file.read_text("utf-8")) for file in sorted(APP.rglob("*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    kinds = set(BASES)
    for _ in range(4):  # subclasses of subclasses
        kinds |= {
            one.name
            for one in nodes
            if isinstance(one, ast.ClassDef) and any(ast.unparse(base).split(".")[-1] in kinds for base in one.bases)
        }
    found: set[str] = set()
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).split(".")[-1]
        place = 1 if name in ("Fault", "PydanticCustomError", "refuse") else 0 if name in kinds else None
        if place is not None and len(node.args) > place:
            found.update(literal(node.args[place]))
    return {text for text in found if " " in text}


def test_every_text_of_the_source_is_translated() -> None:
    texts = source_texts()
    assert len(texts) > 100
    assert sorted(text for text in texts if text not in ZH) == []


@pytest.mark.parametrize("text", ZH)
def test_values_are_kept(text: str) -> None:
    assert text.count("{}") == ZH[text].count("{}")
    parts = text.split("{}")
    given = [f"值{number}" for number in range(len(parts) - 1)]
    shown = chinese("".join(a + b for a, b in zip(parts, [*given, ""], strict=True)))
    assert all(value in shown for value in given)


def test_messages_of_the_validation_are_translated() -> None:
    class Asked(BaseModel):
        text: str = Field(min_length=2, max_length=3, pattern="^a")
        number: int = Field(ge=1, le=5)
        items: list[int] = Field(min_length=1, max_length=2)

    for body in (
        {"text": "a", "number": 0, "items": []},
        {"text": "aaaa", "number": 9, "items": [1, 2, 3]},
        {"text": "bb", "number": "x", "items": "x"},
        {"text": 1, "number": None},
    ):
        with pytest.raises(ValidationError) as refused:
            Asked.model_validate(body)
        for error in refused.value.errors():
            assert chinese(error["msg"]) != error["msg"], error["msg"]


@pytest.mark.sqlite_only
def test_the_language_is_the_clients(client) -> None:  # type: ignore[no-untyped-def]
    officer = client.as_(Role.OFFICER)
    body = {"name": "x" * 500, "unknown": 1}
    chosen = {"zh-CN,zh;q=0.9": "最多400个字符", "en, zh;q=0.5": "String should have at most 400 characters"}
    for language, expected in chosen.items():
        answer = officer.post("/api/v1/organizations", json=body, headers={"Accept-Language": language})
        told = {one["pointer"]: one["detail"] for one in answer.json()["errors"]}
        assert (answer.status_code, told["/name"]) == (422, expected)
        assert answer.headers["content-language"] in ("zh-CN", "en")
    assert told["/unknown"] == "Unknown member"
