"""The reference pages match the code."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = runpy.run_path(str(ROOT / "scripts" / "document.py"))["PAGES"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name):
    assert (ROOT / "docs" / name).read_text("utf-8") == PAGES[name](), "run `make docs`"
