"""Imports: formats, bad rows, resumption after a kill, the same content regardless of interruptions."""

import csv
import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import time

import polars
import pytest

from app.evidence.credit.index import staging
from app.evidence.credit.index.importer import Library
from app.evidence.credit.index.manifest import SnapshotDamaged, check
from app.evidence.credit.lists.entries import COLUMNS, BadRow, ListUnreadable, entries
from app.evidence.credit.lists.mapping import read_mapping
from app.evidence.credit.lists.sources import examine, read_rows

ROWS = [
    (
        "苏州市星海晨光社会工作服务社",
        "52320508MJ00010675",
        "苏州市晨光社",
        "barring",
        "2016-01-01",
        "",
        "失信",
        "（2016）执1号",
    ),
    ("泰州宏图伟业中心", "", "", "barring", "2016-01-01", "2017-01-01", "", ""),
]


def as_csv(rows=ROWS):
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    return text.getvalue()


def read(path, mapping=None):
    examined = examine(path)
    return list(entries(read_rows(path, examined, mapping) if mapping else read_rows(path, examined)))


def test_the_same_list_in_every_format(tmp_path):
    records = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    (tmp_path / "a.csv").write_text(as_csv(), "utf-8")
    (tmp_path / "b.csv").write_bytes(as_csv().encode("gb18030"))
    (tmp_path / "c.csv").write_bytes(as_csv().encode("utf-8-sig"))
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(as_csv().encode()))
    (tmp_path / "e.jsonl").write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    polars.DataFrame(records).write_parquet(tmp_path / "f.parquet")
    polars.DataFrame(records).write_excel(tmp_path / "g.xlsx")
    expected = [(one.name, one.code, one.former_names, one.first, one.last) for one in read(tmp_path / "a.csv")]
    assert len(expected) == 2
    for file in sorted(tmp_path.iterdir()):
        assert [(one.name, one.code, one.former_names, one.first, one.last) for one in read(file)] == expected, file


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,,barring,,,,", "neither name nor code can be read"),
        (",长期,,,2017-01-01,,,", "neither name nor code can be read"),
        ("苏" * 201 + ",,,,,,,", "neither name nor code can be read"),
        ('"甲"乙,,,,,,,', "not a CSV row: ',' expected after '\"'"),
    ],
)
def test_a_lost_row_is_reported_and_the_rest_is_read(tmp_path, row, reason):
    file = tmp_path / "list.csv"
    file.write_text(f"{','.join(COLUMNS)}\n乙,,,,,,,\n{row}\n丙,,,,,,,\n", "utf-8")
    found = read(file)
    assert [one.name for one in found if not isinstance(one, BadRow)] == ["乙", "丙"]
    assert [one for one in found if isinstance(one, BadRow)] == [BadRow(3, reason)]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xd8\xff\xe0", b"PK\x03\x04rubbish", b"PAR1rubbish"])
def test_what_is_no_list_is_refused(tmp_path, content):
    (tmp_path / "list").write_bytes(content)
    with pytest.raises(ListUnreadable):
        read(tmp_path / "list")


@pytest.mark.parametrize("content", ['{"名称": ""}\n{"名称": null}\n', f"{','.join(COLUMNS)}\n,,,barring,,,,\n"])
def test_a_file_of_bad_rows_alone_is_no_empty_list(tmp_path, content):
    (tmp_path / "list").write_text(content, "utf-8")
    library = Library(tmp_path / "library")
    with pytest.raises(ListUnreadable, match="none of its"):
        library.take(tmp_path / "list")
    assert not list((tmp_path / "library").glob("**/rows"))


def test_a_packed_file_cut_off_anywhere_is_refused(tmp_path):
    whole = gzip.compress(as_csv().encode())
    for length in range(2, len(whole)):
        (tmp_path / "list").write_bytes(whole[:length])
        with pytest.raises(ListUnreadable, match="ends too early"):
            read(tmp_path / "list")


def test_a_code_that_a_workbook_kept_as_a_number_is_not_guessed(tmp_path):
    polars.DataFrame([{"name": "甲", "uscc": 1.2345678901234567e17}]).write_excel(tmp_path / "list.xlsx")
    (entry, bad) = read(tmp_path / "list.xlsx")
    assert (entry.name, entry.code, entry.unread) == ("甲", None, ("uscc",))
    assert bad == BadRow(2, "not readable: uscc", is_kept=True)


def test_a_mapping_names_what_it_cannot_read():
    for text in ("columns: [", "columns: {nme: 名称}", "surprise: 1", "columns: {name: 1}"):
        with pytest.raises(ListUnreadable):
            read_mapping(text)


def big_list(path, count=3000):
    pick = random.Random(1)
    rows = [
        (
            "苏州市" + "".join(pick.choices("星海晨光暖阳心爱", k=4)) + "社会工作服务社",
            "",
            "",
            "",
            "",
            "",
            "",
            str(number),
        )
        for number in range(count)
    ]
    rows[7] = ("", "", "", "", "", "", "", "")
    rows[8] = ("", "", "", "", "2016-01-01", "", "", "")
    path.write_text(as_csv(rows), "utf-8")
    return path


class Killed(Exception):
    pass


def test_an_import_goes_on_where_it_stopped_and_ends_in_the_same_bytes(tmp_path, monkeypatch):
    file = big_list(tmp_path / "list.csv")
    whole = Library(tmp_path / "whole").take(file).manifest
    assert (whole.rows, whole.bad_rows) == (2998, 1)
    monkeypatch.setattr(staging, "CHUNK", 100)
    steps, pick = 0, random.Random(2)

    def progress(_stage, _done, _total):
        nonlocal steps
        steps += 1
        if pick.random() < 0.2:
            raise Killed

    library = Library(tmp_path / "broken")
    for _ in range(100):
        for file_name in ("rows", "names"):  # data after the last checkpoint are discarded
            for directory in (tmp_path / "broken").glob("importing/*/"):
                with (directory / file_name).open("ab") as torn:
                    torn.write(b"torn")
        try:
            resumed = library.take(file, progress=progress).manifest
            break
        except Killed:
            continue
    assert steps > 30
    assert resumed.content_sha256 == whole.content_sha256
    assert check(library.path(resumed.content_sha256), whole.content_sha256) == whole


def test_a_killed_process_leaves_nothing_that_counts(tmp_path):
    file = big_list(tmp_path / "list.csv", 60_000)
    code = "import sys; from pathlib import Path; from app.evidence.credit.index.importer import Library\n"
    code += "from app.evidence.credit.index import staging\n"
    code += "staging.CHUNK = 1000; Library(Path(sys.argv[1])).take(Path(sys.argv[2]))"
    library = Library(tmp_path / "library")
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", code, library.directory, file])
        until = time.monotonic() + 30
        while not list(library.directory.glob("importing/*/state.json")) and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(random.Random(os.getpid()).random() * 0.3)
        child.send_signal(signal.SIGKILL)
        child.wait()
    resumed = library.take(file).manifest
    assert resumed == Library(tmp_path / "whole").take(file).manifest
    assert not list(library.directory.glob("importing/*/"))


def test_files_that_were_changed_are_refused(tmp_path):
    library = Library(tmp_path / "library")
    content = library.take(big_list(tmp_path / "list.csv")).manifest.content_sha256
    place = library.path(content)
    check(place, content)
    for name in ("rows", "name_index", "manifest.json"):
        kept = (place / name).read_bytes()
        (place / name).write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        with pytest.raises(SnapshotDamaged):
            check(place, content)
        (place / name).write_bytes(kept)
    (place / "code_texts").unlink()
    with pytest.raises(SnapshotDamaged):
        check(place, content)
