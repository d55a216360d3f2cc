"""The pages name existing files, keep to the line width, and are linked from one another."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORDING = runpy.run_path(str(ROOT / "scripts" / "wording.py"))
PAGES = WORDING["pages"]()
DECISIONS = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
PATH = re.compile(
    r"(?<![\w/.-])(?:app|tests|docs|scripts|benchmarks|migrations|requirements|console|clients)/[\w./*-]*[\w/*]"
)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#([^)]*))?\)")
WINGS = sorted(folder.name for folder in (ROOT / "app").iterdir() if (folder / "__init__.py").exists())


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_path_on_the_page_exists(page: Path) -> None:
    missing = [path for path in PATH.findall(page.read_text("utf-8")) if not list(ROOT.glob(path.rstrip("/")))]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text("utf-8")):
        linked = page.parent / target
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), f"{target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_lines_are_at_most_120_columns_wide(page: Path) -> None:
    assert not WORDING["wide_lines"](page)


def test_every_decision_has_a_date_a_status_and_a_place_in_the_index() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text("utf-8")
    for decision in DECISIONS:
        first, _, dated, *_ = decision.read_text("utf-8").splitlines()
        assert first.startswith(f"# {decision.name[:3]} "), decision.name
        assert re.fullmatch(r"Date: \d{4}-\d\d-\d\d · Status: (accepted|superseded by \d{3})", dated), decision.name
        assert f"]({decision.name})" in index, decision.name


@pytest.mark.parametrize("decision", [one for one in DECISIONS if one.name >= "014"], ids=name)
def test_a_decision_says_what_was_rejected(decision: Path) -> None:
    titles = re.findall(r"^## (.+)$", decision.read_text("utf-8"), re.MULTILINE)
    assert titles == ["Context", "Decision", "Rejected alternatives", "Consequences"]


def test_the_architecture_page_shows_every_wing() -> None:
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    diagram = page[page.index("```mermaid") : page.index("```\n", page.index("```mermaid") + 3)]
    assert sorted(re.findall(r"^  (\w+)\[", diagram, re.MULTILINE)) == WINGS


@pytest.mark.parametrize("wing", WINGS)
def test_every_wing_opens_with_one_sentence(wing: str) -> None:
    opening = (ROOT / "app" / wing / "__init__.py").read_text("utf-8")
    assert re.fullmatch(r'"""[A-Z][^\n]+\."""\n', opening)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_has_the_two_commands_and_what_they_need(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert re.search(r"^make demo .*\nmake test ", text, re.MULTILINE)
    assert "Python 3.11" in text
    assert re.search(r"\d (?:MB|GB)", text)
    assert re.search(r"\d (?:minutes|分钟)", text)


def test_the_check_of_a_change_is_the_two_chores_of_a_developer() -> None:
    check = (ROOT / ".ci/run").read_text("utf-8")
    assert check.rstrip().endswith("make lint\nmake test")
