"""Labels over HTTP: the codes of every answer in words, for clients that show them."""

from fastapi import Response

from app.administration.labels.schemas import LabelsOut
from app.administration.labels.service import labels
from app.platform.web.routing import Router

router = Router(tags=["labels"])


@router.get("/labels")
def list_labels(response: Response) -> LabelsOut:
    """List every code in Chinese and English: states, outcomes, kinds, reasons, leads, problems, warnings."""
    response.headers["Cache-Control"] = "private, max-age=3600"
    return labels()
