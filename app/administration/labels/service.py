"""All labels of this version, gathered from where each code is defined."""

from collections.abc import Mapping
from functools import cache

from app.administration.labels.schemas import CodeLabel, LabelsOut
from app.administration.labels.words import FAMILIES
from app.core.credit.match_messages import DETAILS
from app.core.eligibility.messages import FLIPS, MISSING_FIELDS, PAPERS, REASONS, STAFF_CODES
from app.core.integrity.signals import SIGNALS
from app.core.values.text import Text
from app.platform.problems import all_problems
from app.platform.web.problem_titles import ZH


@cache
def labels() -> LabelsOut:
    """Return the labels by family and code."""
    families: dict[str, Mapping[str, Text]] = {
        **FAMILIES,
        "reason": REASONS,
        "flip": FLIPS,
        "staffReason": STAFF_CODES,
        "missingField": MISSING_FIELDS,
        "paper": PAPERS,
        "matchDetail": DETAILS,
        "lead": {code: signal.message for code, signal in SIGNALS.items()},
        "problem": {one.code: Text(ZH[one.code], one.title) for one in all_problems() if one.code in ZH},
    }
    shown = {
        name: {code: CodeLabel(zh=one.zh, en=one.en) for code, one in codes.items()} for name, codes in families.items()
    }
    return LabelsOut(families=shown)
