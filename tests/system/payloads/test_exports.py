"""Active texts through every export and the terminal: cells stay texts, lines stay lines."""

import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
import pytest
import python_calamine
from rich.console import Console

from app.awarding.reports.results import Report
from app.awarding.reports.terminal_tables import print_report
from app.awarding.reports.workbook import report_workbook
from app.bidders.rosters.template import roster_template
from tests.awarding.reports import test_reports
from tests.making.dossiers import dossier
from tests.making.payloads.texts import PAYLOADS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LANGUAGES = ("zh", "en")
FREE = {"name", "message", "pointer", "legalBasis", "reason", "dossier"}


def poisoned(value, text, key=""):
    """Return the results with every free text in them replaced."""
    if isinstance(value, dict):
        return {name: poisoned(inner, text, "name" if key == "message" else name) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [poisoned(inner, text, key) for inner in value]
    return text if isinstance(value, str) and key in FREE else value


def report_of(text):
    lots = {ranking["lot"]: text for ranking in test_reports.RANKINGS}
    dossiers = {line["dossier"]: text for line in test_reports.SCREENINGS}
    return Report(
        screenings=poisoned(test_reports.SCREENINGS, text),
        rankings=poisoned(test_reports.RANKINGS, text),
        awards=poisoned(test_reports.AWARDS, text),
        lot_names=lots,
        bidders={f"l{lot}-{bidder}": bidder for lot in (1, 2) for bidder in "abcd"},
        bidder_names=dict.fromkeys("abcd", text),
        requirement_titles={"full_time_staff": text, "credit_record": text},
        rosters={one: [{"name": text, "residentId": text}] for one in dossiers.values()},
        prices={"l1-a": "960000.00"},
    )


def look_at(data):
    """Return the text cells; assert that there are only texts and numbers, no formula, link or part that loads
    anything.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names if name.endswith((".xml", ".rels"))}
    assert not [
        n for n in names if re.search(r"externalLink|vba|embeddings|drawing|media|customXml|connections|query", n, re.I)
    ]
    for name, part in parts.items():
        root = ET.fromstring(part)
        tags = {element.tag.removeprefix(MAIN) for element in root.iter()}
        assert not tags & {"f", "hyperlink", "hyperlinks", "oleObject", "webPublishItems", "ddeLink"}, name
        if name.endswith(".rels"):
            assert not [one for one in root if one.get("TargetMode") == "External"], name
    core = parts["docProps/core.xml"].decode() + parts["docProps/app.xml"].decode()
    texts = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        assert re.fullmatch(r"[\w ]{1,31}", sheet.title), sheet.title
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            assert cell.data_type in ("s", "n"), f"{sheet.title} {cell.coordinate}: {cell.data_type}"
            assert cell.hyperlink is None
            if cell.data_type == "s":
                assert cell.number_format == "@", (
                    f"{sheet.title} {cell.coordinate} would be read anew when it is edited"
                )
                texts.append(cell.value)
    return texts, core


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_of_a_report_is_a_text_or_a_number(name, language):
    text = PAYLOADS[name]
    data = report_workbook(report_of(text), language)
    texts, core = look_at(data)
    assert "zq7x" not in core
    assert sum("zq7x" in one for one in texts) > 12
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    for sheet in book.sheet_names:
        for row in book.get_sheet_by_name(sheet).to_python():
            assert {type(cell) for cell in row} <= {str, float, int}


def test_the_template_of_a_roster_holds_texts_only():
    with zipfile.ZipFile(io.BytesIO(roster_template())) as archive:
        assert not [n for n in archive.namelist() if re.search(r"externalLink|vba", n)]
    book = openpyxl.load_workbook(io.BytesIO(roster_template()))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_terminal_shows_texts_and_obeys_none(name):
    for terminal in (True, False):
        console = Console(
            width=400, file=io.StringIO(), force_terminal=terminal, color_system="standard" if terminal else None
        )
        print_report(console, report_of(PAYLOADS[name]))
        shown = console.file.getvalue()
        own = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", own), repr(own)
        assert "zq7x" in own
        assert "\x1b]8" not in shown
        if name == "markup of the terminal":
            assert "[red]" in own, "markup was obeyed"


@pytest.mark.parametrize("form", ["jsonl", "xlsx"])
def test_the_command_line_takes_them_from_a_dossier(tmp_path, form):
    """End to end: a folder for each payload, in the name, the roster, the certificate's scope."""
    for number, text in enumerate([*PAYLOADS.values(), "half \ud800 a character"]):
        one = dossier(number + 1, text, first=1 + 10 * number)
        one["organization"]["registration"]["businessScope"] = text
        one["organization"]["formerNames"] = [text]
        one["roster"][0]["name"] = text
        folder = tmp_path / f"dossier-{number:02d}"
        folder.mkdir()
        (folder / "dossier.json").write_text(json.dumps(one), "utf-8")
    out = tmp_path / f"out.{form}"
    command = [sys.executable, "-m", "app", "screen", str(tmp_path), "--policy", "suzhou-2017", "--as-of", "2017-05-31"]
    ran = subprocess.run([*command, "--format", form, "--out", str(out)], capture_output=True, check=False, timeout=300)
    said = ran.stdout + ran.stderr
    assert ran.returncode in (0, 3), said.decode("utf-8", "replace")
    assert b"Traceback" not in said
    assert b"zq7x" not in said
    if form == "xlsx":
        texts, _ = look_at(out.read_bytes())
        assert sum("zq7x" in one for one in texts) > 20
        return
    lines = out.read_bytes().splitlines()
    assert len(lines) == len(PAYLOADS) + 1
    names = [json.loads(line).get("organization", {}).get("name") for line in lines]
    assert sum("zq7x" in (name or "") for name in names) > 20
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", out.read_bytes())
