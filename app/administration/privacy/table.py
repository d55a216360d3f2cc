"""The report as a table, one line per place."""

from rich.console import Console
from rich.table import Table

from app.administration.privacy.report import Held

WORDS = {
    "roster_line": "花名册 roster",
    "extraction": "材料识别 extraction",
    "particulars": "机构资料 dossier",
    "document": "文件名 file name",
    "screening": "审查输入 screening input",
    "screening_batch": "批量审查输入 batch input",
    "document_fingerprint": "文件指纹 fingerprint",
    "submission_trace": "投标痕迹 submission trace",
    "flag": "线索 lead",
    "committee": "评标委员会 committee",
    "idempotent_answer": "重复请求应答 kept answer",
}


def show(held: Held) -> None:
    """Print the report; the number is masked."""
    table = Table(
        title=f"个人信息 {held.person}", caption=f"{len(held.events)} 条日志 events; {held.erased} 项已销毁 erased"
    )
    for heading in ("种类 what", "编号 id", "位置 where", "机构 organization", "项目 tender", "起 since", "至 until"):
        table.add_column(heading, overflow="fold")
    for place in held.places:
        owner = held.organizations.get(place.organization or "", place.organization or "")
        where = "\n".join(place.pointers[:10])
        row = (place.id, where, owner, place.tender or "", (place.since or "")[:10], place.until or "")
        table.add_row(WORDS.get(place.table, place.table), *row)
    Console().print(table)
