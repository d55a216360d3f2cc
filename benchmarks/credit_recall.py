"""Measure how many innocent organizations get a candidate and how many disguises are found: `python
benchmarks/credit_recall.py ENTRIES`.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.core.facts.dossier import Organization
from app.evidence.credit.index.importer import Library
from app.evidence.credit.index.lexicon import lexicon
from app.evidence.credit.index.on_disk import MappedSnapshot

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).parent))
from credit_lists import COMPANY_FORMS, SOCIAL_FORMS, Made, Maker

THRESHOLD = 750
QUERIES = 2000
Change = Callable[[Made, random.Random], str]


def _other_form(made: Made, pick: random.Random) -> str:
    return pick.choice([form for form in (SOCIAL_FORMS if made.is_social else COMPANY_FORMS) if form != made.form])


def _inserted(made: Made, pick: random.Random) -> str:
    place = pick.randrange(len(made.core) + 1)
    return made.core[:place] + pick.choice("华盛润达") + made.core[place:]


def _changed(made: Made, pick: random.Random) -> str:
    place = pick.randrange(len(made.core))
    return made.core[:place] + pick.choice("鑫淼焱垚") + made.core[place + 1 :]


def _alike(mapping: dict[str, list[str]], keys: dict[str, str]) -> Callable[[Made, random.Random], str]:
    def change(made: Made, pick: random.Random) -> str:
        for place in pick.sample(range(len(made.core)), len(made.core)):
            others = [one for one in mapping.get(keys.get(made.core[place], ""), []) if one != made.core[place]]
            if others:
                return made.core[:place] + pick.choice(others) + made.core[place + 1 :]
        return made.core

    return change


def _grouped(keys: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for character, key in keys.items():
        found.setdefault(key, []).append(character)
    return found


_SOUNDS, _LOOKS = dict(lexicon().sounds), dict(lexicon().looks)
_sound, _look = _alike(_grouped(_SOUNDS), _SOUNDS), _alike(_grouped(_LOOKS), _LOOKS)


def _city(place: str) -> str:
    return place[: place.index("市") + 1]


KINDS: dict[str, Change] = {
    "the same name": lambda made, pick: made.name,
    "spaces between": lambda made, pick: " ".join(made.name),
    "place in brackets": lambda made, pick: f"{made.core}（{made.place}）{made.trade}{made.form}",
    "zero-width characters": lambda made, pick: made.name[:3] + "\u3000" + made.name[3:],
    "本部 behind": lambda made, pick: made.name + "（本部）",
    "盖章 behind": lambda made, pick: made.name + "（盖章）",
    "district left out": lambda made, pick: _city(made.place) + made.core + made.trade + made.form,
    "市 left out": lambda made, pick: made.place.replace("市", "", 1) + made.core + made.trade + made.form,
    "another form": lambda made, pick: made.place + made.core + made.trade + _other_form(made, pick),
    "former name in brackets": lambda made, pick: f"苏州市无关名称经营部（曾用名：{made.name}）",
    "branch behind": lambda made, pick: made.name + "苏州分公司" if "公司" in made.form else made.name,
    "office behind": lambda made, pick: made.name + "苏州办事处" if "公司" in made.form else made.name,
    "same sound": lambda made, pick: made.place + _sound(made, pick) + made.trade + made.form,
    "same looks": lambda made, pick: made.place + _look(made, pick) + made.trade + made.form,
    "core swapped": lambda made, pick: (
        made.place + made.core[1] + made.core[0] + made.core[2:] + made.trade + made.form
    ),
    "one character more in the core": lambda made, pick: made.place + _inserted(made, pick) + made.trade + made.form,
    "one character changed in the core": lambda made, pick: made.place + _changed(made, pick) + made.trade + made.form,
    "one character lost in the form": lambda made, pick: made.name[:-1],
    "one character doubled at the end": lambda made, pick: made.name + made.name[-1],
}
LONG_CORE = {"one character more in the core", "one character changed in the core"}  # from three characters on


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    maker = Maker(1)
    mades = [maker.one() for _ in range(count)]
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "list.csv"
        file.write_text("name\n" + "".join(made.name + "\n" for made in mades), "utf-8")
        library, begun = Library(Path(directory) / "library"), time.process_time()
        manifest = library.take(file).manifest
        spent = time.process_time() - begun
        snapshot = MappedSnapshot(library.path(manifest.content_sha256))
        print(f"| entries a CPU second | {count / spent:,.0f} |")
        _innocents(snapshot, {made.name for made in mades})
        _disguises(snapshot, mades)


def _innocents(snapshot: MappedSnapshot, listed: set[str]) -> None:
    maker = Maker(2)
    asked, social, got, got_social, shown = 0, 0, 0, 0, 0
    while asked < 2 * QUERIES:
        made = maker.one()
        if made.name in listed or not made.form:
            continue
        found = len(snapshot.search(Organization(made.name), THRESHOLD).found)
        asked, social, shown = asked + 1, social + made.is_social, shown + found
        got, got_social = got + bool(found), got_social + bool(found and made.is_social)
    print(
        f"| innocents with a candidate | {got / asked:.2%} (social {got_social / social:.2%}), {shown / asked:.3f} each |"
    )


def _disguises(snapshot: MappedSnapshot, mades: list[Made]) -> None:
    pick = random.Random(3)
    rows = [row for row in pick.sample(range(len(mades)), min(len(mades), 4 * QUERIES)) if mades[row].form]
    for kind, change in KINDS.items():
        found = asked = 0
        for row in rows[:QUERIES]:
            made = mades[row]
            query = change(made, pick)
            if (kind in LONG_CORE and len(made.core) < 3) or (query == made.name and kind != "the same name"):
                continue
            asked += 1
            names = {one.entry.name for one in snapshot.search(Organization(query), THRESHOLD).found}
            found += made.name in names
        print(f"| {kind} | {asked} | {found / max(asked, 1):.2%} |")


if __name__ == "__main__":
    main()
