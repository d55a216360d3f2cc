"""Open data of a tender, as release package and as record package."""

from app.awarding.ocds.facts import facts_of
from app.awarding.ocds.releases import compiled, ocid_of, releases_of
from app.awarding.ocds.schemas import OcdsPublisher, OcdsRecord, OcdsRecordPackage, OcdsReleasePackage
from app.platform.unit_of_work import UnitOfWork

_EXTENSIONS = "https://raw.githubusercontent.com/open-contracting-extensions"
EXTENSIONS = [
    f"{_EXTENSIONS}/ocds_lots_extension/v1.1.5/extension.json",
    f"{_EXTENSIONS}/ocds_bid_extension/v1.1.5/extension.json",
    f"{_EXTENSIONS}/ocds_requirements_extension/master/extension.json",
    f"{_EXTENSIONS}/ocds_enquiry_extension/v1.1.5/extension.json",
]


def release_package(work: UnitOfWork, tender_id: str) -> OcdsReleasePackage:
    """Return every release of a published tender. Errors: NotFound, NotPublished."""
    facts = facts_of(work, tender_id)
    releases = releases_of(facts, ocid_of(work.settings.ocid_prefix, tender_id), work.now)
    return OcdsReleasePackage(
        uri=_uri(tender_id, "releases"),
        published_date=releases[-1].date,
        extensions=EXTENSIONS,
        publisher=OcdsPublisher(name=work.settings.publisher),
        releases=releases,
    )


def record_package(work: UnitOfWork, tender_id: str) -> OcdsRecordPackage:
    """Return the present state of a published tender with its releases. Errors: NotFound, NotPublished."""
    package = release_package(work, tender_id)
    last = package.releases[-1]
    return OcdsRecordPackage(
        uri=_uri(tender_id, "record"),
        published_date=package.published_date,
        extensions=EXTENSIONS,
        publisher=package.publisher,
        records=[OcdsRecord(ocid=last.ocid, releases=package.releases, compiled_release=compiled(last))],
    )


def _uri(tender_id: str, package: str) -> str:
    """Return a URN: the service does not know the address under which the publisher offers the file."""
    return f"urn:bidscreen:{tender_id}:{package}"
