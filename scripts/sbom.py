"""Write the bill of materials (CycloneDX 1.6, JSON): the runtime lock with hashes, licences and dependencies, and the
OCR models.

The same lock gives the same bytes: no time, and a serial number derived from the content.
"""

import hashlib
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from licences import LOCK, Locked, licence, locked
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app import __version__
from app.evidence.reading.recognition.ocr import MODELS

PRODUCT = "bidscreen"
TARGET = Path(__file__).parent.parent / "dist" / "bidscreen.cdx.json"
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def bill() -> str:
    """Return the bill of materials of the runtime lock as JSON text; RuntimeError when it violates CycloneDX's schema."""
    packages = {f"{package.name}=={package.version}": package for package in locked()}
    components = {key: _component(package) for key, package in packages.items()}
    product = Component(name=PRODUCT, version=__version__, type=ComponentType.APPLICATION, bom_ref=PRODUCT)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"{PRODUCT}:{__version__}:{hashlib.sha256(LOCK.read_bytes()).hexdigest()}")
    bom = Bom(
        components=[*components.values(), *_models()],
        serial_number=serial,
        metadata=BomMetaData(component=product, timestamp=_UNDATED),
    )
    by_name = {package.name: components[key] for key, package in packages.items() if package.applies}
    extras = _extras([PRODUCT, *by_name])
    for name, component in {PRODUCT: product, **by_name}.items():
        needs = _needs(name, extras[name])
        bom.register_dependency(component, [by_name[needed] for needed in needs if needed in by_name])
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        raise RuntimeError(f"not valid CycloneDX: {wrong}")
    return text + "\n"


def _component(package: Locked) -> Component:
    stated = licence(package.name) if package.applies else None
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{package.name}=={package.version}",
        purl=PackageURL("pypi", name=package.name, version=package.version),
        scope=ComponentScope.REQUIRED if package.applies else ComponentScope.OPTIONAL,
        # One hash for each file that the lock allows: which one is installed depends on the machine.
        properties=[
            *(Property(name="bidscreen:lock:sha256", value=value) for value in package.hashes),
            *([Property(name="bidscreen:lock:marker", value=package.marker)] if package.marker else []),
        ],
        licenses=[LicenseFactory().make_from_string(stated)] if stated else [],
    )


def _models() -> Iterator[Component]:
    for name, digest in sorted(MODELS.items()):
        yield Component(
            name=name,
            type=ComponentType.MACHINE_LEARNING_MODEL,
            bom_ref=f"model:{name}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
            licenses=[LicenseFactory().make_from_string("Apache-2.0")],
        )


def _extras(names: Iterable[str]) -> dict[str, set[str]]:
    """Return the requested extras of each distribution."""
    found: dict[str, set[str]] = defaultdict(set)
    for wanted in (Requirement(text) for name in names for text in metadata.requires(name) or ()):
        found[canonicalize_name(wanted.name)] |= wanted.extras
    return found


def _needs(name: str, extras: set[str]) -> list[str]:
    """Return the requirements of an installed distribution on this machine, with these extras."""
    wanted = [Requirement(text) for text in metadata.requires(name) or ()]
    applies = (
        one for one in wanted if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in {"", *extras})
    )
    return sorted({canonicalize_name(one.name) for one in applies})


def main() -> None:
    """Write dist/bidscreen.cdx.json."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(bill(), "utf-8")
    print(f"{TARGET.relative_to(TARGET.parents[1])}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    sys.exit(main())
