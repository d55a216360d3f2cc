"""Social worker certificates (社会工作者职业水平证书 and, since 2018, 职业资格证书), on paper and electronic, three levels."""

import re

from app.evidence.reading.certificates.kind import KindReading, Region, read_instead, says
from app.evidence.reading.certificates.labelled import FieldRow, LabelledKind, with_readers
from app.evidence.reading.layout.page import hull
from app.evidence.reading.layout.pieces import Piece, pieces_matching, spans_matching
from app.evidence.reading.text import values
from app.evidence.reading.text.characters import tidy
from app.evidence.reading.text.values import Read

_BODY = (
    r"(?:中华人民共和国)?(?:人力资源和?社会保障部|人事部|劳动和社会保障部|民政部)|"
    r"[㐀-鿿]{2,8}(?:人力资源和?社会保障[厅局]|民政[厅局]|人事考试(?:中心|院|局)|职业技能鉴定中心)"
)

_READERS = {
    "name": values.person, "sex": values.sex, "birthDate": values.date, "residentId": values.resident_id, "level": values.level,
    "number": values.administration_number, "approvedOn": values.day,
}  # fmt: skip
ROWS = with_readers(
    (
        FieldRow(
            "name", "姓名 持证人 持证人姓名 持有人", like=r"(?:持证|持有|证书持有|获证|本)人?(?:姓名)?|.{0,3}姓名"
        ),
        FieldRow("sex", "性别"),
        FieldRow("birthDate", "出生年月 出生日期 出生年月日 出生时间 生日", like=r".{0,2}出生(?:日期|年月日?|时间)"),
        FieldRow(
            "residentId",
            "身份证号 身份证号码 证件号码 证件号 公民身份号码 身份证件号码 身份证件号 居民身份证号码 有效证件号码 "
            "证件编号 身份号码",
            proved=True,
            like=r".{0,6}(?:身份证件?|身份|证件)(?:号码?|编号)",
        ),
        FieldRow(
            "level",
            "级别 资格名称 资格级别 职业资格名称 专业技术资格名称 专业技术资格 证书级别 资格等级 等级 职业水平级别 "
            "职业水平 证书等级 专业级别 资格 职业水平等级 级别名称",
            like=r".{0,6}(?:级别|等级|资格名称|职业水平)(?:名称)?",
        ),
        FieldRow("number", "管理号 证书管理号 管理编号", like=r".{0,4}管理(?:号码?|编号)"),
        FieldRow("certificateNumber", "证书编号 证书号码 证书号 资格证书号 编号", like=r".{0,6}证书?(?:编号|号码?)"),
        FieldRow(
            "approvedOn",
            "批准日期 授予时间 授予日期 批准时间 取得时间 取得日期 取得资格时间 通过时间 批准年月 资格授予时间 "
            "取得资格日期",
            like=r".{0,4}(?:批准|授予|取得|通过|获得)(?:资格|证书)?(?:日期|时间|年月日?)",
        ),
        FieldRow(
            "issuer",
            "发证机关 颁发机关 发证单位 颁证机关 批准机关 授予机关 签发单位 发证部门",
            many_lines=True,
            wide=True,
            like=r".{0,2}(?:发证|颁发|颁证|批准|授予|签发|核发)(?:机关|机构|单位|部门)(?:名称|全称)?",
        ),
    ),
    _READERS,
)
_STOPS = (
    "档案号 签发日期 制发日期 发证日期 签发人 专业 专业类别 专业名称 持证人签名 照片 在线核验 查询网址 "
    "FullName Sex DateofBirth IDNo. QualificationLevel ApprovalDate AdministrationNo. 工作单位 类别 核验码 "
    "验证码"
)


class SocialWorkerCertificate(LabelledKind):
    """One certificate with a person, the level, the day of approval and the administration number (管理号)."""

    name = "social_worker_certificate"
    title = r"(?:全国|中华人民共和国)?(?:(?:助理|高级)?社会工作者?师?(?:\(?(?:初级|中级|高级)\)?)?(?:职业水平|职业资格)证书|社会工作者)"
    rows = ROWS
    stops = _STOPS
    anchor = "name"
    required = ("name", "level", "number")
    expected: tuple[str, ...] = ("residentId", "approvedOn", "issuer")

    def claims(self, text: str) -> float:
        """Claim pages with the title, and the labels of person and number."""
        head = text[:600].replace("\n", "")
        titled = "社会工作" in text and (
            re.search(r"社会工作(?:者|师)(?:职业水平|职业资格|水平)?(?:证书|考试)|社会工作者职业", head)
            or ("社会工作者" in text and "职业资格证书" in head)
            or "管理号" in text
        )
        labels = sum(
            says(text, p)
            for p in (
                "姓名",
                "管理号|证书编号",
                "批准日期|授予时间|取得时间|批准时间|授予日期",
                "出生",
                "证件号|身份证号",
            )
        )
        return min(1.0, 0.5 + 0.12 * labels) if titled and labels >= 2 else 0.0

    def read_more(self, reading: KindReading, region: Region, found: dict[str, list[Piece]]) -> None:
        """Read the alternative number, the level in the title, and the issuing bodies."""
        read_instead(reading, region, found, "number", "certificateNumber", values.administration_number)
        if not reading.has("level"):
            _read_level(reading, region)
        _read_issuer(reading, region, found)

    def check(self, reading: KindReading) -> None:
        """Check against the identity number, which contains birth date and sex: agreement with a valid one proves them."""
        _check_birth(reading)


def _read_level(reading: KindReading, region: Region) -> None:
    """Read the level where no label names it: in the title or in the sentence that grants it."""
    for piece in spans_matching(region.lines, r"(?:助理|高级)?社会工作(?:师|员)(?:\((?:初级|中级|高级)\))?"):
        reading.add("level", values.level(piece.text), piece, region.page, values.level)
        return


def _read_issuer(reading: KindReading, region: Region, found: dict[str, list[Piece]]) -> None:
    """Read the issuing bodies, joined by 、 where there are two; without a label they are alone at the foot."""
    if reading.has("issuer"):
        return
    if found.get("issuer"):
        piece = found["issuer"][0]
        bodies = re.findall(_BODY, tidy(piece.text).replace("、", " "))
        reading.add("issuer", Read("、".join(bodies) if bodies else tidy(piece.text)), piece, region.page)
        return
    alone = pieces_matching(region.lines, rf"(?:{_BODY})(?:[、,]?(?:{_BODY}))?")
    if not alone:
        return
    foot = max(alone, key=lambda p: p.box[3])
    height = foot.box[3] - foot.box[1]
    group = sorted(
        (p for p in alone if foot.box[1] - p.box[1] < 3.5 * height), key=lambda p: (round(p.box[1] / height), p.box[0])
    )
    bodies = list(dict.fromkeys(b for p in group for b in re.findall(_BODY, tidy(p.text))))
    whole = Piece(" ".join(p.text for p in group), hull(p.box for p in group), min(p.score for p in group))
    reading.add("issuer", Read("、".join(bodies)), whole, region.page)


def _check_birth(reading: KindReading) -> None:
    number, born, sex = (reading.value(n) for n in ("residentId", "birthDate", "sex"))
    if not (isinstance(number, str) and len(number) == 18):
        return
    if born and f"{number[6:10]}-{number[10:12]}-{number[12:14]}".startswith(born):
        reading.prove("birthDate", "residentId")
    elif born:
        reading.reasons.append(
            ("birth_date_contradicts_id", "the birth date and the identity number contradict each other")
        )
        reading.refute("birthDate")
    if sex and (int(number[16]) % 2 == 1) == (sex == "男"):
        reading.prove("sex")
    elif sex and _from_picture(reading):
        reading.refute("sex")


def _from_picture(reading: KindReading) -> bool:
    return any(f.page.method == "ocr" for f in reading.findings)
