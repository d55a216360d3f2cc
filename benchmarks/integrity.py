"""Measure integrity leads: a tender of 9 lots × 60 bidders with 100 documents each, and rosters of 300,000 people;
growth at 1×, 10×, 100×.

    python benchmarks/integrity.py

Fingerprints are generated here; everything after extraction is measured: facts, texts, leads. CPU seconds, best of 3.
"""

import random
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from app.core.facts.dossier import Employment, InsurancePeriod, RosterLine, StaffCertificate
from app.core.integrity.assess import integrity_leads
from app.core.integrity.facts import ISSUED, Bidder, Contact, Person, TenderFacts
from app.core.integrity.people import shared_persons
from app.core.values.months import Month
from app.examination.integrity.documents import document_facts, samples_of
from app.examination.integrity.mentions import Names
from app.examination.integrity.text import Common, shared_variants, text_matches

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许", "伟芳娜敏静秀丽强磊军洋勇艳杰涛明超霞"
PEOPLE, DOCUMENTS, OWN = 30, 100, 10
SHINGLES, SENTENCES = 160, 30
LIMITS = {"tender": 10.0, "rosters": 1.0}


def resident_id(number: int) -> str:
    day = date(1960, 1, 1) + timedelta(days=number * 7 % 14_600)
    body = f"{320500 + number % 90}{day:%Y%m%d}{number // 14_600 % 1000:03d}"
    return body + "10X98765432"[sum(int(a) * b for a, b in zip(body, WEIGHTS, strict=True)) % 11]


def rosters(bidders: int) -> list[Bidder]:
    source = random.Random(7)
    insured = (InsurancePeriod("某某社会工作服务社", Month.parse("2016-01"), Month.parse("2019-04")),)

    def line(number: int) -> RosterLine:
        name = source.choice(SURNAMES) + source.choice(GIVEN) + source.choice(GIVEN)
        certificates = (
            () if number % 5 else (StaffCertificate("social_worker", "assistant", f"2015{number:014d}", None),)
        )
        return RosterLine(
            name, resident_id(number), Employment.FULL_TIME, date(2016, 1, 1), None, insured, certificates
        )

    # one in a thousand is on two rosters
    return [
        Bidder(
            f"o{number}",
            roster=tuple(
                line(number * PEOPLE + place if source.random() > 0.001 else place) for place in range(PEOPLE)
            ),
        )
        for number in range(bidders)
    ]


def files(bidders: int) -> list[tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]]:
    """Return records and fingerprints of each bidder; every fiftieth copies a plan from the previous one."""
    chance = np.random.default_rng(7)
    source = random.Random(7)
    words = [f"{a}{b}服务" for a in GIVEN for b in GIVEN]
    common = ["".join(source.choices(words, k=6)) for _ in range(20)]
    made: list[tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]] = []
    for number in range(bidders):
        records, prints = [], {}
        for place in range(DOCUMENTS):
            sha256 = f"{number:032x}{place:032x}"
            kind = "other" if place < OWN else "social_worker_certificate" if place < 60 else "social_insurance"
            records.append({"sha256": sha256, "kind": kind, "rows": [], "fields": [], "provenance": {}})
            shingles = chance.integers(0, 2**63, SHINGLES if place < OWN else 20, np.uint64)
            made_at = f"2019-05-{10 + number % 20}T0{place % 9}:{number % 60:02d}:{place % 60:02d}"
            own = ["".join(source.choices(words, k=6)) for _ in range(SENTENCES)] + common if place < OWN else []
            prints[sha256] = {
                "origin": {"producer": "WPS 文字", "author": f"作者{number}", "createdAt": made_at},
                "images": [[f"{number * 100 + place:064x}", 1, [0.1, 0.1, 0.9, 0.9]]],
                "shingles": b64encode(shingles.tobytes()).decode(),
                "spots": [[4, 1, [0.1, 0.1, 0.9, 0.12]]] * (len(shingles) // 4),
                "sentences": [[text, 1, None] for text in own],
                "mentions": [[f"投标人:苏州市第{number}社会工作服务中心", 1, None]],
            }
        if number % 50 == 1:
            copied = made[-1][1][f"{number - 1:032x}{0:032x}"]
            prints[f"{number:032x}{0:032x}"] |= {key: copied[key] for key in ("shingles", "spots")}
        made.append((records, prints))
    return made


def tender(bidders: int) -> Callable[[], int]:
    made, people = files(bidders), rosters(bidders)
    source = random.Random(7)
    prices = [{f"lot-{n % 9}": Decimal(source.randrange(860_000_00, 990_000_00)) / 100} for n in range(bidders)]

    def compute() -> int:
        names = Names(f"苏州市第{number}社会工作服务中心" for number in range(bidders))
        samples = [
            one for n, (records, prints) in enumerate(made) for one in samples_of(f"o{n}", records, prints, ISSUED)
        ]
        facts = TenderFacts(
            b"secret",
            tuple(
                Bidder(
                    id=f"o{n}",
                    name=f"苏州市第{n}社会工作服务中心",
                    roster=people[n].roster,
                    representative=Person("某某", resident_id(900_000 + n)),
                    contacts=(Contact("某某", f"139{n:08d}", f"a{n}@example.org"),),
                    documents=tuple(document_facts(one, prints[one["sha256"]], names) for one in records),
                    prices=prices[n],
                )
                for n, (records, prints) in enumerate(made)
            ),
            date(2019, 5, 31),
            texts=tuple(text_matches(samples, Common(), 3)),
            variants=tuple(shared_variants(samples, Common(), 3)),
        )
        return len(integrity_leads(facts))

    return compute


def cross_check(bidders: int) -> Callable[[], int]:
    made = rosters(bidders)
    return lambda: sum(1 for _ in shared_persons(made))


def seconds(work: Callable[[], int], times: int = 3) -> tuple[float, int]:
    """Return CPU seconds of the best run, and the number of leads."""
    best, found = float("inf"), 0
    for _ in range(times):
        start = time.process_time()
        found = work()
        best = min(best, time.process_time() - start)
    return best, found


def main() -> None:
    for name, make, sizes in (("rosters", cross_check, (100, 1_000, 10_000)), ("tender", tender, (6, 54, 540))):
        before, last = 0.0, 1
        for size in sizes:
            spent, found = seconds(make(size))
            what = f"{size * PEOPLE:,} people" if name == "rosters" else f"{size * DOCUMENTS:,} documents"
            growth = f", {spent / before:.1f}× the time for {size / last:.0f}× the size" if before else ""
            print(f"{name}: {size:>6,} bidders, {what}: {spent:.3f} s, {found:,} leads{growth}", flush=True)
            before, last = spent, size
        verdict = "within" if before <= LIMITS[name] else "over"
        print(f"{name}: {before:.2f} s, {verdict} the limit of {LIMITS[name]:.0f} s")


if __name__ == "__main__":
    main()
