"""The sample as files: the same bytes each time, readable by other software."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from app.sample.data.tender import LOTS
from app.sample.papers.scans import SCANS, path_of
from app.sample.write import Sample, make_sample, write_sample
from tests.making.integrity.made_files import pdf

DIGEST = (
    "import hashlib;from app.sample.write import make_sample;"
    "print(hashlib.sha256(b''.join(p.encode()+d for p,d in sorted(make_sample().files.items()))).hexdigest())"
)


def pdf_text(data: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def test_a_second_run_gives_the_same_bytes(sample: Sample) -> None:
    again = make_sample()
    assert {path for path, data in sample.files.items() if again.files[path] != data} == set()


def test_processes_with_different_hash_seeds_give_the_same_bytes() -> None:
    """Two separate processes, unaffected by fonts that other tests register in this one."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        ).stdout.strip()
        for seed in ("7", "11")
    }
    assert len(digests) == 1 and len(digests.pop()) == 64


def test_written_files_are_those_in_memory(sample: Sample, tmp_path) -> None:
    written = write_sample(tmp_path / "deep" / "folder")
    found = {
        str(path.relative_to(tmp_path / "deep" / "folder")): path.read_bytes()
        for path in (tmp_path / "deep").rglob("*")
        if path.is_file()
    }
    assert found == dict(sample.files) == dict(written.files)


def test_every_document_that_a_dossier_names_is_there(sample: Sample) -> None:
    for agency in sample.agencies:
        files = sample.dossier(agency.folder)
        record = json.loads(files["dossier.json"])
        assert {document["path"] for document in record["documents"]} == {
            path for path in files if path.startswith("documents/")
        }


def test_rosters_open_elsewhere_and_hold_every_name(sample: Sample) -> None:
    forms = set()
    for agency in sample.agencies:
        form = agency.bidder.roster
        data = sample.dossier(agency.folder)[f"roster.{form.suffix}"]
        forms.add((form.suffix, form.encoding, form.header))
        if form.suffix == "csv":
            rows = list(csv.reader(io.StringIO(data.decode(form.encoding))))
        else:
            rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
            sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
            assert sheet.max_row == len(rows)
        cells = {str(cell) for row in rows for cell in row}
        assert {line.person.name for line in agency.lines} <= cells
        assert {line.person.resident_id for line in agency.lines} <= cells
    assert sum(encoding == "gbk" for _, encoding, _ in forms) == 2
    assert sum(encoding == "utf-8-sig" for _, encoding, _ in forms) == 1
    assert {("xlsx", "", head) for head in ("plain", "titled", "two_level")} <= forms


@pytest.mark.parametrize("path", ["documents/registration.pdf", "documents/audit.pdf", "documents/capability.pdf"])
def test_text_layers_name_the_bidder(sample: Sample, path: str) -> None:
    for agency in sample.agencies:
        if (agency.folder, Path(path).stem) in SCANS:
            continue
        text = pdf_text(sample.dossier(agency.folder)[path])
        name = agency.bidder.name
        if path.endswith("registration.pdf"):
            name = agency.bidder.certificate_names or name
        assert name in text
        assert agency.representative.name in text or path.endswith("audit.pdf")


def test_scans_and_photos_hold_no_text(sample: Sample) -> None:
    assert len(SCANS) >= 6 and {ending for ending, _ in SCANS.values()} == {"pdf", "jpg", "tif"}
    for folder, stem in SCANS:
        path = path_of(folder, f"documents/{stem}.pdf")
        data = sample.dossier(folder)[path]
        assert pdf_text(data).strip() == "" if path.endswith("pdf") else data[:2] in (b"\xff\xd8", b"II")


def test_certificates_and_proofs_carry_people_and_numbers(sample: Sample) -> None:
    for agency in sample.agencies:
        files = sample.dossier(agency.folder)
        certificates = pdf_text(files["documents/social-workers.pdf"])
        proof = pdf_text(files["documents/insurance.pdf"])
        assert agency.bidder.name in proof
        for line in agency.lines:
            assert (line.person.resident_id in proof) is line.proven
            if line.certificate:
                assert line.person.name in certificates
                assert line.person.resident_id in certificates
                assert line.certificate.number in certificates


def test_pages_show_ink_where_no_chinese_font_is_installed(sample: Sample) -> None:
    """The fonts are embedded: a rendered title is dark somewhere in its band."""
    page = pypdfium2.PdfDocument(sample.dossier("chengxi")["documents/registration.pdf"])[0]
    image = page.render(scale=1).to_pil().convert("L")
    title = image.crop((150, 95, 445, 130))
    dark = sum(count for value, count in enumerate(title.histogram()) if value < 96)
    assert dark > 800


def test_papers_of_other_characters_do_not_take_the_sample_s_fonts(sample: Sample) -> None:
    """Fonts are registered for the whole process: a second print must not use the first one's characters."""
    once = pdf([["龘龖龗齉爨"]])
    assert "龘龖龗齉爨" in pdf_text(once) and make_sample().files == sample.files


def test_rank_and_awards_take_the_samples_own_files(tmp_path: Path) -> None:
    write_sample(tmp_path)
    for lot in LOTS:
        ranked = CliRunner().invoke(cli, ["rank", str(tmp_path / "rankings" / f"{lot.id}.json")])
        assert (ranked.exit_code, json.loads(ranked.stdout)["lot"]) == (0, lot.id)
    awarded = CliRunner().invoke(cli, ["awards", str(tmp_path / "awards.json")])
    assert awarded.exit_code == 0
    answer = json.loads(awarded.stdout)
    assert answer["rule"] == "sequential"
    won = {one["lot"]: one["bidder"] for one in answer["assignment"]}
    assert (won["lot-1"], won["lot-3"], won["lot-7"]) == ("chengxi", "lingtang", "lanting")
    assert [one["lot"] for one in answer["unassigned"]] == ["lot-9"]
