"""Wire formats of labels."""

from app.platform.web.schema import Output


class CodeLabel(Output):
    """One code in Chinese and English."""

    zh: str
    en: str


class LabelsOut(Output):
    """The labels by family and code; `{name}` in a reason stands for a value of that reason."""

    families: dict[str, dict[str, CodeLabel]]
