"""What a proof found: breaches, figures, one line at the end, the exit status."""

import sys
import time
from collections import Counter

MOST_PRINTED = 30


class Outcome:
    """Collects breaches and counts; `end` prints the line of figures and gives the exit status."""

    def __init__(self, name: str) -> None:
        self.name, self.began = name, time.monotonic()
        self.breaches: list[str] = []
        self.figures: Counter[str] = Counter()
        self.most: dict[str, float] = {}

    def breach(self, text: str) -> None:
        """Note what must not be; it is printed at once."""
        self.breaches.append(text)
        if len(self.breaches) <= MOST_PRINTED:
            print(f"BREACH {self.name}: {' '.join(text.split())}", file=sys.stderr, flush=True)

    def require(self, holds: object, text: str) -> bool:
        """Note a breach unless it holds."""
        if not holds:
            self.breach(text)
        return bool(holds)

    def highest(self, name: str, value: float) -> None:
        """Keep the highest of a measured value."""
        self.most[name] = max(value, self.most.get(name, value))

    def end(self) -> int:
        """Print the line of figures; 1 if anything was breached."""
        seconds = time.monotonic() - self.began
        parts = [f"{value} {name}" for name, value in self.figures.items()]
        parts += [f"{name} {value:.3g}" for name, value in self.most.items()]
        print(f"{self.name}: {', '.join(parts)}, {len(self.breaches)} breaches, {seconds:.0f} s", flush=True)
        return 1 if self.breaches else 0
