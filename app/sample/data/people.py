"""Invented persons (虚构人员): names from a short list of characters, resident IDs with correct check digits."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

SURNAMES = "苏林沈顾陆许唐宋叶程方江陶韩夏秦俞钱范石戴邹柏梅温"
FEMALE = (
    "砚秋",
    "若澄",
    "知微",
    "清禾",
    "语桐",
    "映雪",
    "静姝",
    "书瑶",
    "念真",
    "云舒",
    "秋棠",
    "向晚",
    "采薇",
    "听雨",
)
MALE = ("景行", "怀远", "致和", "明哲", "思齐", "承志", "望舒", "嘉树", "修远", "子衿", "亦诚", "云帆", "立言", "启明")
COUNTIES = ("320105", "320106", "320111", "320404", "320602", "330102", "330103", "340104", "310105", "420106")
FIRST_BIRTH = date(1984, 1, 5)
BIRTH_SPAN_DAYS = 5600


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person."""

    name: str
    sex: str
    born: date
    resident_id: str
    phone: str


class Population:
    """Generates people and certificate numbers without repetition."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 (test data, no secret)
        self._names: set[str] = set()
        self._numbers: set[str] = set()

    def person(self, born: date | None = None) -> Person:
        """Generate the next person, of working age in 2026 unless a birthday is given."""
        sex = self._random.choice("男女")
        born = born or FIRST_BIRTH + timedelta(days=self._random.randrange(BIRTH_SPAN_DAYS))
        return Person(self._name(sex), sex, born, self._resident_id(sex, born), self._phone())

    def certificate_number(self, approved: date) -> str:
        """Generate a 管理号 of 18 digits that starts with the year."""
        while True:
            number = f"{approved.year}{self._random.randrange(10**14):014d}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def day(self, first: date, last: date) -> date:
        """Return a random day between the two, both included."""
        return first + timedelta(days=self._random.randrange((last - first).days + 1))

    def pick(self, count: int) -> int:
        """Return a random number below `count`."""
        return self._random.randrange(count)

    def _name(self, sex: str) -> str:
        given = FEMALE if sex == "女" else MALE
        while True:
            name = self._random.choice(SURNAMES) + self._random.choice(given)
            if name not in self._names:
                self._names.add(name)
                return name

    def _resident_id(self, sex: str, born: date) -> str:
        while True:
            order = self._random.randrange(10, 490) * 2 + (sex == "男")
            number = f"{self._random.choice(COUNTIES)}{born:%Y%m%d}{order:03d}"
            number += ric.calc_check_digit(number + "0")
            if number not in self._numbers and ric.is_valid(number):
                self._numbers.add(number)
                return number

    def _phone(self) -> str:
        return f"110{self._random.randrange(10**8):08d}"  # 110 is no mobile prefix: the number cannot be dialled
