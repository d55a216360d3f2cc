"""Learn trade words from a list: frequent endings of names that follow many different words and rarely come apart."""

from collections import Counter
from collections.abc import Iterable

from app.core.credit.names import Lexicon, cut, folded, in_order, trimmed
from app.core.values.identity import normalised_name

SAMPLE = 60_000  # names from the beginning of a list that are learnt from
_LENGTHS = range(2, 9)
_LEAST_COUNT, _SHARE = 8, 10_000
_LEAST_PRECEDED = 0.6  # share of its uses in which a trade follows something; a core seldom does
_MOST_ONE_PREDECESSOR = 0.5
_LEAST_PREDECESSORS = 4
_MOST_OF = 0.5  # a longer word replaces a shorter one that mostly occurs inside it
_PLACES = ("街道", "镇", "乡", "村", "区", "县", "市", "省")
_COHESION = 8.0  # times as often as its characters would meet by chance


def learnt_words(lexicon: Lexicon, names: Iterable[str]) -> tuple[str, ...]:
    """Return the trade words of a list that the lexicon lacks (法律援助 in 诚谷法律援助基金会), in alphabetical order."""
    cores = Counter(core for name in names if len(core := _core(lexicon, name)) > 1)
    total = sum(cores.values())
    least = max(_LEAST_COUNT, total // _SHARE)
    endings: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for core, count in cores.items():
        for character in core:
            characters[character] += count
        for length in range(1, min(len(core), _LENGTHS.stop)):
            endings[core[-length:]] += count
    frequent = {word for word, count in endings.items() if len(word) > 1 and count >= least}
    before = _predecessors(cores, frequent)
    drawn = sum(characters.values())
    found: set[str] = set()
    for word in sorted(frequent, key=len):
        own = before[word]
        chance = characters[word[0]] / drawn
        if (
            endings[word] >= _LEAST_PRECEDED * (endings[word] + cores[word])
            and len(own) >= _LEAST_PREDECESSORS
            and max(own.values()) <= _MOST_ONE_PREDECESSOR * endings[word]
            and endings[word] / endings[word[1:]]
            >= (_MOST_OF if word[1:] in found else min(_MOST_OF, _COHESION * chance))
            and word.isalpha()
            and not word.endswith(_PLACES)
        ):
            found.add(word)
    return tuple(sorted(found))


def _core(lexicon: Lexicon, name: str) -> str:
    written = trimmed(normalised_name(name))
    return cut(lexicon, in_order(lexicon, written, folded(lexicon, written))).core


def _predecessors(cores: Counter[str], words: set[str]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {word: Counter() for word in words}
    for core, count in cores.items():
        for length in range(2, min(len(core), _LENGTHS.stop)):
            word = core[-length:]
            if word in found:
                found[word][core[-length - 1]] += count
    return found
