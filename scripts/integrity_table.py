"""Writes docs/integrity.md: precision and recall of every signal on tenders with collusion planted in them.

`make integrity-table`, or `python scripts/integrity_table.py [tenders of each kind] [honest tenders]`.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from app.core.integrity.guards import DEFAULT  # noqa: E402
from app.core.integrity.leads import Strength  # noqa: E402
from app.core.integrity.signals import SIGNALS  # noqa: E402
from tests.making.integrity.scoring import Table, measure  # noqa: E402

EACH, HONEST = 25, 200
PAGE = ROOT / "docs" / "integrity.md"
HEAD = """# Integrity leads

What no single dossier shows: one person on two rosters, one author behind three bids, prices in steps. A **lead** (线索, on the
wire a *flag*) names what was seen, how sure it is, the article, the bidders, the evidence (document, page, box, or the row of
the dossier) and what would explain it innocently. It never rejects a bidder: a person confirms or dismisses it, and new
evidence reopens it.

- **fact**: an identifier that is unique by nature is the same (a valid resident ID, a mobile number, an account).
- **strong**: chance hardly explains it. **weak**: worth a look, no more.

## The guards

- What two bids have in common is reported however few bids there are, with its strength. Prices of a lot are compared from 3
  bids on, their endings and ratios over lots from {few_bids} on.
- What more than {common} organizations share is a template, a switchboard, a platform: weak.
- What the tender's own documents carry (`PUT /tenders/{{id}}/own-documents`) is taken away first; so is the text that more than
  {common} bidders have. Files older than the tender's publication are templates: weak.
- Months that do not overlap are a change of jobs. Names alone make no lead; two valid IDs that differ are two people.
- What an office issues (certificates, proofs, audit reports) says nothing of who wrote the bid.
- Prices: a pattern is judged by the chance that prices rounded as these are would fall so regularly anywhere in the lot: below
  {strong_chance:g} strong, below {weak_chance:g} weak. Round prices need a far longer pattern than odd ones.
- Holding, management and one person in charge (实施条例 art 18) hold a qualification up within a lot until a person has
  decided; across lots, below half, or through a third party they are weak and hold nothing up.

## How texts are compared

Each document that a bidder wrote is sampled once, in the child process that reads it: of all runs of eight characters those
whose hash is divisible by 8 (MinHash by sampling, so that two samples can be compared and a third taken away). The samples
are joined by sorting: the cost grows with the text, not with the pairs, and no pair is missed as it may be with banding. What
remains after the common text is compared by the share of the shorter document. Rare errors are sentences that two or three
bidders write with the same one or two edits against the form that the tender or more bidders use; figures aside.
Scans are compared as pictures (the stream as stored in the file), not by their text.

## Measured

`make integrity-table` makes up {tenders} tenders of 6 to 12 bidders: {each} with each kind of collusion planted, and {honest}
honest ones. All of them are full of look-alikes: staff who changed jobs, namesakes, incubators with one address, switchboard
and network, guarantors who pay for many, templates of the tender and of the web, a public regulation in two bids, round
prices, partners named in plans. *Told*: a lead of this code and strength about exactly those who were planted. *Wrong*: facts
and strong leads of this code about anybody else, in any of the tenders.

| planted | lead | strength | planted | told | wrong | precision | recall |
|---|---|---|---|---|---|---|---|
"""


def page(table: Table, each: int) -> str:
    """The page as measured."""
    tenders = sum(score.planted for score in table.scores.values()) + table.honest
    figures = {name: getattr(DEFAULT, name) for name in ("few_bids", "common", "strong_chance", "weak_chance")}
    head = HEAD.format(tenders=tenders, each=each, honest=table.honest, **figures)
    rows = [
        f"| {kind} | `{score.code}` | {score.strength} | {score.planted} | {score.told} | {score.wrong} "
        f"| {score.precision:.1%} | {score.recall:.1%} |"
        for kind, score in table.scores.items()
    ]
    sums = [_sum(table, strength) for strength in (Strength.FACT, Strength.STRONG)]
    leads = ", ".join(f"{count} {strength}" for strength, count in table.honest_leads.items())
    honest = f"Leads on the {table.honest} honest tenders: {leads}."
    return head + "\n".join([*rows, *sums]) + f"\n\n{honest}\n" + _weak()


def _sum(table: Table, strength: Strength) -> str:
    scores = [score for score in table.scores.values() if score.strength is strength]
    planted, told = sum(score.planted for score in scores), sum(score.told for score in scores)
    wrong = len(table.wrong[strength])
    precision = told / (told + wrong) if told + wrong else 1.0
    return f"| **all** | | **{strength}** | {planted} | {told} | {wrong} | **{precision:.1%}** | **{told / planted:.1%}** |"


def _weak() -> str:
    """Every signal with its innocent explanation."""
    rows = [f"| `{code}` | {signal.case or 'art 18'} | {signal.innocent.en} |" for code, signal in SIGNALS.items()]
    head = "\n## Every signal\n\n*Case*: of 财政部令第87号 art 37 (before 2017-10-01 招标投标法实施条例 art 40), or 实施条例 art 18.\n\n"
    return head + "| signal | case | what would explain it innocently |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def main() -> None:
    """Measures and writes."""
    each, honest = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (EACH, HONEST)
    PAGE.write_text(page(measure(each, honest), each), "utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
