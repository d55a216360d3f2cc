"""Papers over HTTP."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query, Response

from app.awarding.papers.service import PAPERS
from app.awarding.papers.typeset import pdf
from app.platform.unit_of_work import Work
from app.platform.web.headers import attachment
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/tenders/{tender_id}/exports", tags=["exports"])
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "The paper as PDF/A-2b"}
}
PaperName = Annotated[
    Literal["qualification-sheet", "evaluation-report"],
    Path(description="`qualification-sheet` 资格审查表, `evaluation-report` 评标报告"),
]
LotId = Annotated[Id, Query(alias="lotId", description="The lot that the paper is about")]
Lang = Annotated[Literal["zh", "en"], Query(description="Language of the paper; data stay as they were entered")]


@router.get("/{paper}.pdf", response_class=Response, responses=PDF)
def export_paper(tender_id: Id, paper: PaperName, lot_id: LotId, work: Work, lang: Lang = "zh") -> Response:
    """Return a paper of a lot for the procurement file, to be printed and signed; the same state gives the same bytes.

    409 `paper_not_ready` before every bid has its qualification decision, or before the lot is ranked. ID numbers are
    masked for every role.
    """
    found = PAPERS[paper](work, tender_id, lot_id, lang)
    name = attachment(f"{found.title} {found.subject}.pdf", f"{paper}.pdf")
    return Response(pdf(found), media_type="application/pdf", headers={"Content-Disposition": name})
