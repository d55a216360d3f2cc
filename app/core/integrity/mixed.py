"""Another bidder's name or code inside a bidder's file (财政部令第87号 第三十七条第（五）项: 投标文件相互混装)."""

from collections.abc import Iterator, Sequence

from app.core.integrity.facts import Bidder, Mention
from app.core.integrity.leads import Pointer, Seen, Strength, seen
from app.core.values.identity import normalised_code, normalised_name, parse_uscc

# Insurance proofs name former employers, certificates their holder's employer: neither is a mix-up.
_NAMES_OTHERS = frozenset({"social_insurance", "social_worker_certificate"})


def mixed_up_files(bidders: Sequence[Bidder]) -> Iterator[Seen]:
    """Compute leads: a file that names another bidder as its author is a fact; its code in the text strong; its name
    alone, weak.
    """
    owners = _owners(bidders)
    for bidder in bidders:
        found: dict[str, list[tuple[Mention, str]]] = {}
        for document in bidder.documents:
            if document.kind not in _NAMES_OTHERS:
                for mention in document.mentions:
                    other = owners.get(_key(mention.text))
                    if other is not None and other != bidder.id and not _is_own(bidder, mention.text):
                        found.setdefault(other, []).append((mention, _strength(mention)))
        for other, mentions in sorted(found.items()):
            yield _mixed(bidder, other, mentions)


def _key(text: str) -> str:
    code = parse_uscc(text)
    return code.text if code else normalised_name(text)


def _owners(bidders: Sequence[Bidder]) -> dict[str, str]:
    """Map names and codes to bidders; what two bidders use is left out."""
    owners: dict[str, str] = {}
    for bidder in bidders:
        for key in _keys(bidder):
            owners[key] = bidder.id if owners.get(key, bidder.id) == bidder.id else ""
    return {key: owner for key, owner in owners.items() if owner}


def _keys(bidder: Bidder) -> set[str]:
    code = parse_uscc(bidder.code)
    return {normalised_name(name) for name in (bidder.name, *bidder.former_names) if name} | (
        {code.text} if code else set()
    )


def _is_own(bidder: Bidder, text: str) -> bool:
    return _key(text) in _keys(bidder)


def _strength(mention: Mention) -> str:
    if mention.as_self:
        return Strength.FACT
    return Strength.STRONG if parse_uscc(mention.text) else Strength.WEAK


def _mixed(bidder: Bidder, other: str, mentions: Sequence[tuple[Mention, str]]) -> Seen:
    order = (Strength.FACT, Strength.STRONG, Strength.WEAK)
    strength = next(one for one in order if any(own == one for _, own in mentions))
    telling = [mention for mention, own in mentions if own == strength]
    evidence = [
        Pointer(bidder.id, "mention", spot=mention.spot, shown=normalised_name(mention.text)) for mention in telling
    ]
    evidence.append(Pointer(other, "organization", "/organization/name"))
    shown = normalised_code(telling[0].text) if parse_uscc(telling[0].text) else normalised_name(telling[0].text)
    return seen("files_mixed_up", strength, f"mixed:{bidder.id}:{other}", evidence, shown=shown)
