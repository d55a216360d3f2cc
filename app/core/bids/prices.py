"""The price of a bid (财政部令第87号 第五十九条) where its opening sheet, words, figures and unit prices disagree.

Order of precedence: the opening sheet (开标一览表) over the bid; words (大写) over figures; the total corrects an obvious
decimal slip in a unit price; unit prices prevail over a total that is not their sum. The bidder confirms a corrected price
in writing; refusal makes the bid invalid.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.core.values.money_words import AmountRead, Stated, read_amount

ARTICLE = "财政部令第87号 第五十九条"
_FEN = Decimal("0.01")
_SHIFTS = tuple(Decimal(10) ** power for power in (-4, -3, -2, -1, 1, 2, 3, 4))


class Inconsistency(StrEnum):
    """Kinds of inconsistency, in the order of the article."""

    SHEET_PREVAILS = "opening_sheet_prevails"
    WORDS_PREVAIL = "words_prevail"
    DECIMAL_SLIP = "unit_price_decimal_slip"
    UNIT_PRICES_PREVAIL = "unit_prices_prevail"


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of the price, as written; `unit`: yuan per unit of bare figures."""

    words: str | None = None
    figures: str | None = None
    unit: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Line:
    """One item: quantity and unit price in yuan."""

    quantity: Decimal
    unit_price: Decimal

    @property
    def total(self) -> Decimal:
        """Quantity times unit price, exact."""
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class PriceForm:
    """All statements of the price in a bid."""

    sheet: Said = field(default_factory=Said)
    bid: Said = field(default_factory=Said)
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceCorrection:
    """A corrected inconsistency: the two sums in yuan, and the line (from 0) where one unit price is corrected."""

    rule: Inconsistency
    stated: Decimal
    corrected: Decimal
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PriceRead:
    """The price in yuan with its corrections; a corrected price needs the bidder's written confirmation."""

    status: Stated
    price: Decimal | None = None
    corrections: tuple[PriceCorrection, ...] = ()

    @property
    def needs_confirmation(self) -> bool:
        """Whether the bidder must confirm it in writing."""
        return bool(self.corrections)


def read_price(form: PriceForm) -> PriceRead:
    """Determine the price of a bid: `not_stated` where none is given, `unreadable` where the prevailing statement is
    unreadable.
    """
    corrections: list[PriceCorrection] = []
    sheet, bid = _said(form.sheet, corrections), _said(form.bid, [])
    total = sheet
    if sheet.status is Stated.NOT_STATED:
        total = _said(form.bid, corrections)
    elif sheet.amount is not None and bid.amount is not None and bid.amount != sheet.amount:
        corrections.insert(0, PriceCorrection(Inconsistency.SHEET_PREVAILS, bid.amount, sheet.amount))
    if total.amount is None:
        return _from_lines(form.lines) if total.status is Stated.NOT_STATED else PriceRead(total.status)
    price = _against_lines(total.amount, form.lines, corrections)
    return PriceRead(Stated.STATED, price, tuple(corrections))


def confirmed(read: PriceRead, *, by_bidder: bool) -> Decimal | None:
    """Return the binding price; None where the bidder refuses a correction, which makes the bid invalid (第五十一条第二款)."""
    return None if read.needs_confirmation and not by_bidder else read.price


def _said(place: Said, corrections: list[PriceCorrection]) -> AmountRead:
    words, figures = read_amount(place.words), read_amount(place.figures, place.unit)
    if words.status is Stated.NOT_STATED:
        return figures
    if words.amount is not None and figures.amount is not None and words.amount != figures.amount:
        corrections.append(PriceCorrection(Inconsistency.WORDS_PREVAIL, figures.amount, words.amount))
    return words


def _from_lines(lines: tuple[Line, ...]) -> PriceRead:
    """Sum the lines. Unit prices alone do not state a price: the opening sheet is read out."""
    return PriceRead(Stated.UNREADABLE if any(line.total for line in lines) else Stated.NOT_STATED)


def _against_lines(total: Decimal, lines: tuple[Line, ...], corrections: list[PriceCorrection]) -> Decimal:
    summed = sum((line.total for line in lines), Decimal(0))
    if not lines or summed == total:
        return total
    slips = [
        (number, line.unit_price, line.unit_price * shift)
        for number, line in enumerate(lines)
        for shift in _SHIFTS
        if line.total and summed - line.total + line.total * shift == total
    ]
    if slips:
        number, before, after = slips[0]
        # Where several lines could explain the difference, the total applies either way and the bidder names the line.
        corrections.append(
            PriceCorrection(Inconsistency.DECIMAL_SLIP, before, after, number if len(slips) == 1 else None)
        )
        return total
    corrected = summed.quantize(_FEN, ROUND_HALF_UP)
    corrections.append(PriceCorrection(Inconsistency.UNIT_PRICES_PREVAIL, total, corrected))
    return corrected
