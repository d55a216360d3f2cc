"""Match one query against the snapshots of several lists (DESIGN 5.9): hits, candidates, clear, insufficient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.credit.credit_record import Judgement, ListEntry
from app.core.credit.match_messages import DETAILS
from app.core.credit.matching import Related, query_of
from app.core.credit.names import LONGEST_NAME
from app.core.credit.resemblance import ONE, Explained
from app.core.facts.dossier import Organization
from app.evidence.credit.consulted import ListConsulted
from app.evidence.credit.index.lexicon import lexicon
from app.evidence.credit.service import JudgedSnapshot

_TOO_LONG = {"code": "name_too_long", "message": f"a name has at most {LONGEST_NAME} characters"}


@dataclass(frozen=True, slots=True)
class Matcher:
    """What all queries of a run are matched against; threshold in thousandths, at most `most` candidates per query."""

    lists: Sequence[ListConsulted[JudgedSnapshot]]
    as_of: date
    threshold: int
    most: int
    names_entries: bool = True  # with the ids by which judgements refer to them

    def result(self, query_id: str | None, organization: Organization) -> dict[str, Any]:
        """Answer one query; nothing that is not in force on the day, nothing below the threshold."""
        names = (organization.name or "", *organization.former_names)
        if any(len(name) > LONGEST_NAME for name in names):
            return answer(query_id, "insufficient", error=_TOO_LONG)
        query = query_of(lexicon(), organization)
        hits: list[dict[str, Any]] = []
        candidates: list[tuple[int, dict[str, Any]]] = []
        is_capped = False
        for one in self.lists:
            search = one.index.search(organization, self.threshold)
            is_capped |= search.is_capped
            for found in _once(search.found):
                if found.entry.in_force_on(self.as_of):
                    self._sort(one, organization, found, hits, candidates)
        candidates.sort(key=lambda scored: -scored[0])
        incomplete = [one.name for one in self.lists if one.lost_rows]
        is_clear = not (query.is_insufficient or incomplete)
        status = "hit" if hits else "candidate" if candidates else "clear" if is_clear else "insufficient"
        is_capped |= len(candidates) > self.most
        kept = [shown for _, shown in candidates[: self.most]]
        return answer(query_id, status, hits, kept, incomplete=incomplete, is_capped=is_capped)

    def _sort(
        self,
        one: ListConsulted[JudgedSnapshot],
        organization: Organization,
        found: Related,
        hits: list[dict[str, Any]],
        candidates: list[tuple[int, dict[str, Any]]],
    ) -> None:
        judged = one.index.judged(organization, found.entry)
        shown = {"list": one.name, "snapshot": one.snapshot, "entry": entry_json(found.entry)}
        if self.names_entries:
            shown["entryId"] = found.entry.id
        if found.is_hit or (judged and judged.judgement is Judgement.SAME):
            hits.append({**shown, "rule": "uscc" if found.is_hit else "judgement"})
        elif not (judged and judged.judgement is Judgement.DIFFERENT):
            explanations = [explanation_json(feature) for feature in found.features]
            candidates.append((found.score, {**shown, "score": found.score / ONE, "explanations": explanations}))


def answer(  # noqa: PLR0913 - the keys of the answer
    query_id: str | None,
    status: str,
    hits: Sequence[dict[str, Any]] = (),
    candidates: Sequence[dict[str, Any]] = (),
    *,
    error: dict[str, str] | None = None,
    incomplete: Sequence[str] = (),
    is_capped: bool = False,
) -> dict[str, Any]:
    """Return the result on the wire.

    `capped` appears only where more candidates were found than are shown, `incomplete` only where lists lost rows:
    these clear no bidder.
    """
    shown: dict[str, Any] = {"id": query_id, "status": status, "hits": list(hits)}
    shown |= {"candidates": list(candidates), "error": error}
    if incomplete:
        shown["incomplete"] = list(incomplete)
    return {**shown, "capped": True} if is_capped else shown


def _once(found: Sequence[Related]) -> list[Related]:
    """Remove duplicates: of identical entries on a list, one is shown."""
    seen: dict[tuple[object, ...], Related] = {}
    for one in found:
        entry = one.entry
        content = (
            entry.name,
            entry.code,
            entry.kind,
            entry.first,
            entry.last,
            entry.reason,
            entry.document,
            entry.unread,
        )
        seen.setdefault(content, one)
    return list(seen.values())


def entry_json(entry: ListEntry) -> dict[str, Any]:
    """Return an entry of a list on the wire."""
    return {
        "name": entry.name,
        "uscc": entry.code,
        "kind": entry.kind,
        "from": entry.first.isoformat() if entry.first else None,
        "to": entry.last.isoformat() if entry.last else None,
        "reason": entry.reason,
        "document": entry.document,
        **({"unread": list(entry.unread)} if entry.unread else {}),
    }


def explanation_json(explained: Explained) -> dict[str, Any]:
    """Return one feature on the wire."""
    detail = DETAILS[explained.detail]
    return {
        "feature": explained.feature.value,
        "score": explained.score / ONE,
        "query": explained.query,
        "candidate": explained.candidate,
        "detail": {"zh": detail.zh, "en": detail.en},
    }
