"""The security pages refer to existing code and tests; the ASVS page lists each requirement in scope once."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / name for name in ("security.md", "asvs.md", "operations.md")] + [ROOT / "SECURITY.md"]
POINTER = re.compile(
    r"`((?:app|tests|docs|scripts|requirements|migrations|console)/[\w./*-]+|[A-Z]\w+\.md|Makefile|Dockerfile|compose\.yaml|pyproject\.toml)(?:::(\w+))?`"
)
LINK = re.compile(r"\]\(([^)#:]+)\)")

# OWASP ASVS 5.0.0: the level of each requirement of a section, in order. The standard has 345: 70, 183 and 92 of the levels.
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33",
    "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
WITH_LEVEL_3 = {"2", "5", "15", "16"}  # business logic and races, files, secure coding, logging
STATUSES = {"met", "partly", "open", "operator", "n/a"}


def in_scope():
    return {
        f"{section}.{number}": level
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, 1)
        if level != "3" or section.split(".")[0] in WITH_LEVEL_3
    }


ITEM = re.compile(r"^- \*\*(?P<numbers>[\d., ]+)\*\* \(level (?P<level>\d), (?P<status>[a-z/]+)\): (?P<asks>.+)")


def items(text, *, level=0):
    """Each list item of that indent as (its own text, the items below it), with wrapped lines joined."""
    indent = "  " * level
    for block in re.findall(rf"^{indent}- .*(?:\n{indent}  .*)*", text, re.M):
        own, *below = re.split(rf"\n{indent}  - ", block)
        yield " ".join(own.split()), [" ".join(one.split()) for one in below]


def rows():
    """(numbers, level, status, what is asked for, how it is met) of each item of the page."""
    for own, below in items((ROOT / "docs" / "asvs.md").read_text("utf-8")):
        found = ITEM.match(own)
        if found:
            assert len(below) == 1, own
            yield (
                re.findall(r"\d+\.\d+\.\d+", found["numbers"]),
                found["level"],
                found["status"],
                found["asks"],
                below[0],
            )


def test_the_levels_add_up_to_the_standard():
    counts = [sum(levels.count(level) for levels in LEVELS.values()) for level in "123"]
    assert counts == [70, 183, 92]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_points_at_exists(page):
    text = page.read_text("utf-8")
    pointers = POINTER.findall(text)
    for path, name in pointers:
        assert list(ROOT.glob(path)), f"{page.name}: {path} is not there"
        if name:
            assert re.search(rf"^\s*def {name}\(", (ROOT / path).read_text("utf-8"), re.M), (
                f"{page.name}: {path}::{name}"
            )
    for target in LINK.findall(text):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_each_attack_has_code_and_a_test():
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    attacks = list(items(text[text.index("## Attacks") : text.index("## What is not claimed")]))
    assert len(attacks) > 35
    for attack, below in attacks:
        parts = dict(one.split(": ", 1) for one in below)
        assert list(parts) == ["control", "code", "test"], attack
        assert len(parts["control"]) > 10, attack
        assert POINTER.search(parts["code"]), attack
        assert re.search(r"`tests/[\w./]+", parts["test"]), attack


def test_each_requirement_in_scope_is_there_once_with_its_level():
    named = [number for numbers, *_ in rows() for number in numbers]
    assert sorted(named) == sorted(set(named)), "a requirement is listed twice"
    assert set(named) == set(in_scope())
    wrong = [number for numbers, level, *_ in rows() for number in numbers if level != in_scope()[number]]
    assert not wrong, f"another level in the standard: {wrong}"


def test_each_requirement_has_a_status_and_says_why():
    for numbers, _, status, asks, how in rows():
        assert status in STATUSES, numbers
        assert len(asks) > 10, numbers
        assert len(how) > 10, numbers
        if status == "met":
            assert POINTER.search(how), f"{numbers}: met, but nothing is pointed at"
