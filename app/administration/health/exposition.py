"""Prometheus' text format (exposition format 0.0.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sample:
    """A value with its labels; `ending` is what a histogram adds to the name (`_bucket`, `_sum`, `_count`)."""

    value: float
    labels: Mapping[str, str]
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with its samples. `kind`: counter, gauge or histogram."""

    name: str
    kind: str
    help: str
    samples: tuple[Sample, ...]

    def lines(self) -> Iterable[str]:
        """Yield its lines."""
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} {self.kind}"
        for one in self.samples:
            labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in one.labels.items())
            yield (
                f"{self.name}{one.ending}{{{labels}}} {one.value:g}"
                if labels
                else f"{self.name}{one.ending} {one.value:g}"
            )


def text_of(metrics: Iterable[Metric]) -> str:
    """Return the document that Prometheus reads."""
    return "".join(f"{line}\n" for metric in metrics for line in metric.lines())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
