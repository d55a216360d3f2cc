"""Time the papers of a large tender and write the figures into docs/reports.md and docs/reports.zh-CN.md.

`make report-figures`. 60 bidders by 10 requirements as one qualification sheet; 9 lots of 60 bidders, 5 members and 5
factors as evaluation reports. Names and scores are generated.
"""

import re
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from app.awarding.evaluation.ranking_json import preview
from app.awarding.papers.evaluation_report import Evaluated, evaluation_report
from app.awarding.papers.paper import Head, Paper
from app.awarding.papers.qualification_sheet import Examined, qualification_sheet
from app.awarding.papers.typeset import pdf

BIDDERS, REQUIREMENTS, LOTS, MEMBERS, FACTORS = 60, 10, 9, 5, 5
DOCS = Path(__file__).parents[1] / "docs"
LIMITS = {"sheet": 1.0, "reports": 3.0}
HEAD = Head("ten_1", "市级社区服务社会化试点", "苏锦街道", datetime(2026, 5, 1, tzinfo=UTC), False, "zh")


def sheet(run: int = 0) -> Paper:
    """A sheet on which each bidder misses one requirement; other names in each run."""
    titles = [(f"r{number}", f"第{number}项资格条件") for number in range(REQUIREMENTS)]
    met = {"outcome": "met", "observed": 9, "required": 8, "reasons": [], "legalBasis": ["政府采购法 第二十二条"]}
    message = {"zh": "专职人员少一人", "en": "One person short"}
    unmet = {**met, "outcome": "not_met", "observed": 7, "reasons": [{"message": message}]}
    bidders = []
    for number in range(BIDDERS):
        answers = {name: unmet if name == "r1" else met for name, _ in titles}
        name = f"苏州市第{run}批第{number}社会工作服务社"
        bidders.append(Examined(name, "ineligible", "unsuccessful", "专职人员不足", date(2026, 5, 1), answers))
    return qualification_sheet(HEAD, titles, bidders)


def report(lot: int) -> Paper:
    """A report on a lot that our own ranking computed."""
    factors = [{"id": f"f{n}", "points": "18", "objective": False, "technical": True} for n in range(FACTORS)]
    scores = {bid: str((bid * 7 + lot) % 19 or 1) for bid in range(BIDDERS)}
    asked = {
        "lot": {"id": "lot_1", "ceiling": "1000000.00"},
        "scheme": {
            "price": {"points": "10", "formula": "lowest_price"},
            "factors": factors,
            "rounding": {"places": 2},
            "minBidders": 3,
            "tieBreak": ["price", "technical"],
            "drawSeed": None,
        },
        "bids": [
            {
                "id": f"b{bid}",
                "price": f"{900_000 + bid * 100}.00",
                "qualified": True,
                "deduction": "0",
                "offered": None,
                "scores": {
                    f"评委{m}": {f"f{n}": min(scores[bid], "18", key=int) for n in range(FACTORS)}
                    for m in range(MEMBERS)
                },
            }
            for bid in range(BIDDERS)
        ],
    }
    found = Evaluated(
        ranking=asked,
        result=preview(asked),
        result_hash="0" * 64,
        policy_sha256="0" * 64,
        engine_version="1",
        bidders={f"b{bid}": f"苏州市第{lot}批第{bid}社会工作服务社" for bid in range(BIDDERS)},
        factors={f"f{n}": f"评审因素{n}" for n in range(FACTORS)},
        stands=[(f"评委{m}", "agreed", None) for m in range(MEMBERS)],
    )
    return evaluation_report(HEAD, found)


def seconds(make: Callable[[int], Sequence[Paper]]) -> float:
    """The median of five runs, in seconds, from data to the bytes of all papers.

    No two runs print the same data: typst remembers what it has set before.
    """
    runs = []
    for run in range(5):
        begun = time.perf_counter()
        for paper in make(run):
            pdf(paper)
        runs.append(time.perf_counter() - begun)
    return sorted(runs)[2]


def write(path: Path, lines: Sequence[str]) -> None:
    """Replace what stands between the marks of the page."""
    text = path.read_text("utf-8")
    marks = re.compile("(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)
    path.write_text(marks.sub(lambda found: found[1] + "\n".join(["", *lines, "", ""]) + found[2], text), "utf-8")


def main() -> int:
    """Measure and write; exit status 1 where a figure is over its limit."""
    pdf(sheet())
    took = {
        "sheet": seconds(lambda run: [sheet(run + 1)]),
        "reports": seconds(lambda run: [report(run * LOTS + lot) for lot in range(LOTS)]),
    }
    english = {
        "sheet": f"Qualification sheet, {BIDDERS} bidders × {REQUIREMENTS} requirements",
        "reports": f"Evaluation reports, {LOTS} lots × {BIDDERS} bidders × {MEMBERS} members",
    }
    chinese = {
        "sheet": f"资格审查表，{BIDDERS} 个投标人 × {REQUIREMENTS} 项条件",
        "reports": f"评标报告，{LOTS} 个单元 × {BIDDERS} 个投标人 × {MEMBERS} 位评委",
    }
    rows = [(name, f"{took[name]:.2f} s", f"{LIMITS[name]:.0f} s") for name in LIMITS]
    head = ["| paper | median of 5 | limit |", "|---|---|---|"]
    write(DOCS / "reports.md", [*head, *(f"| {english[name]} | {got} | {most} |" for name, got, most in rows)])
    head = ["| 文书 | 五次的中位数 | 上限 |", "|---|---|---|"]
    write(DOCS / "reports.zh-CN.md", [*head, *(f"| {chinese[name]} | {got} | {most} |" for name, got, most in rows)])
    print(took)
    return int(any(took[name] > LIMITS[name] for name in LIMITS))


if __name__ == "__main__":
    sys.exit(main())
