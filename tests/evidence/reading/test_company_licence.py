"""Company licences of 2019 with a QR code: its code proves the printed one, replaces an unreadable one, or casts doubt
on it.
"""

import io
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from app.evidence.reading.certificates import kinds
from app.evidence.reading.certificates.labelled import FieldRow, LabelledKind
from app.evidence.reading.extraction import extract
from app.evidence.reading.text import values
from tests.making.corpus.drawing import Paper, as_pdf, as_picture
from tests.making.corpus.invented import Inventor

PLACE = ("320508", "江苏省", "苏州市", "姑苏区")


def _licence(printed: str, in_qr: str) -> dict:
    """Return a photo of a licence in the layout of 2019: label over value on the left, QR code top right."""
    paper = Paper(842, 595)
    paper.centred(60, 34, "营业执照")
    paper.put(60, 120, 12, f"统一社会信用代码 {printed}" if printed else "统一社会信用代码")
    left = (
        "名称 苏州市姑苏区禾润养老服务有限公司",
        "类型 有限责任公司",
        "法定代表人 王志伟",
        "经营范围 养老服务；社会工作服务。",
    )
    right = (
        "注册资本 壹佰万元整",
        "成立日期 2019年03月05日",
        "营业期限 2019年03月05日至2039年03月04日",
        "住所 苏州市姑苏区人民路18号",
    )
    for x, lines in ((60, left), (460, right)):
        for n, line in enumerate(lines):
            label, value = line.split(" ")
            paper.put(x, 190 + 40 * n, 13, label)
            paper.put(x + 95, 190 + 40 * n, 13, value)
    paper.put(520, 470, 13, "登记机关 苏州市姑苏区市场监督管理局")
    paper.put(600, 510, 13, "2019年03月05日")
    picture = as_picture(paper, dpi=150)
    code = zxingcpp.create_barcode(f"http://gsxt.example/i?uniscid={in_qr}", zxingcpp.BarcodeFormat.QRCode)
    picture.paste(Image.fromarray(np.array(code.to_image(scale=5))), (1400, 120))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return extract(buffer.getvalue(), "licence.png").as_json()


def _values(record: dict) -> dict:
    return {f["field"]: f["value"] for f in record["fields"]}


def test_a_licence_is_read_and_its_code_proved_by_the_qr_code() -> None:
    code = Inventor(1).code(PLACE, "91")
    record = _licence(code, code)
    found = _values(record)
    assert record["status"] == "extracted", record["reasons"]
    assert (record["kind"], found["legalForm"], found["uscc"]) == ("registration_certificate", "company", code)
    assert (found["capital"], found["validTo"], found["issuedOn"]) == ("1000000.00", "2039-03-04", "2019-03-05")
    assert found["authority"] == "苏州市姑苏区市场监督管理局" and "personality" not in found


@pytest.mark.parametrize(("printed", "status"), [(False, "extracted"), (True, "needs_review")])
def test_the_qr_code_fills_a_code_or_doubts_it(printed: bool, status: str) -> None:
    one, other = Inventor(1).code(PLACE, "91"), Inventor(2).code(PLACE, "91")
    record = _licence(one if printed else "", other)
    assert _values(record)["uscc"] == (one if printed else other)
    assert record["status"] == status and printed is any(r["code"] == "code_differs_from_qr" for r in record["reasons"])


def test_a_kind_is_a_class_with_a_table_of_rows(monkeypatch) -> None:
    """The example of docs/documents.md works as printed there."""
    text = (Path(__file__).parents[3] / "docs" / "documents.md").read_text("utf-8")
    source = text.split("```python\n", 1)[1].split("```", 1)[0]
    scope = {"LabelledKind": LabelledKind, "FieldRow": FieldRow, "values": values}
    exec(source, scope)
    monkeypatch.setattr(kinds, "REGISTRY", (scope["ServicePermit"](), *kinds.REGISTRY))
    paper = Paper()
    paper.centred(60, 24, "养老机构设立许可证")
    lines = (
        "机构名称：苏州市姑苏区禾润养老院",
        "许可编号：苏姑养2019第018号",
        "许可机关：苏州市姑苏区民政局",
        "发证日期：2019年3月5日",
    )
    for n, line in enumerate(lines):
        paper.put(70, 130 + 30 * n, 12, line)
    record = extract(as_pdf([paper]), "permit.pdf").as_json()
    assert (record["kind"], record["status"]) == ("service_permit", "extracted")
    assert _values(record) == {
        "name": "苏州市姑苏区禾润养老院",
        "number": "苏姑养2019第018号",
        "authority": "苏州市姑苏区民政局",
        "issuedOn": "2019-03-05",
    }
