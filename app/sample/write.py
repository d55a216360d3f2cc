"""The whole sample, in memory and as files: a folder of dossiers, the credit lists, the tender, its bids, and the inputs of
`rank` and `awards`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.sample.data.agencies import Agency, agencies
from app.sample.data.bids import bids_record
from app.sample.data.credit import LISTS, credit_file
from app.sample.data.tender import tender_record
from app.sample.dossiers import DOCUMENTS, drawn_documents, plain_files
from app.sample.papers import fonts
from app.sample.papers.press import print_pdf
from app.sample.papers.scans import path_of, scanned
from app.sample.papers.sheet import characters
from app.sample.rankings import awards_input, ranking_inputs

DOSSIERS = "dossiers"
CREDIT_LISTS = "credit-lists"
RANKINGS = "rankings"


@dataclass(frozen=True, slots=True)
class Sample:
    """Agencies and every file, by its path below the sample's folder."""

    agencies: tuple[Agency, ...]
    files: Mapping[str, bytes]

    def dossier(self, folder: str) -> dict[str, bytes]:
        """Return the files of one dossier, by their path inside it."""
        prefix = f"{DOSSIERS}/{folder}/"
        return {path.removeprefix(prefix): data for path, data in self.files.items() if path.startswith(prefix)}

    def credit_list(self, name: str) -> bytes:
        """Return one credit list as CSV."""
        return self.files[f"{CREDIT_LISTS}/{name}.csv"]

    def write(self, folder: Path) -> None:
        """Write all files below this folder; it is created if missing, and existing files are replaced."""
        for path, data in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def make_sample() -> Sample:
    """Generate the sample; the same bytes each time."""
    everyone = agencies()
    files = {
        "tender.json": _json(tender_record()),
        "bids.json": _json(bids_record()),
        **{f"{RANKINGS}/{lot}.json": _json(given) for lot, given in ranking_inputs().items()},
        "awards.json": _json(awards_input()),
        **{f"{CREDIT_LISTS}/{name}.csv": credit_file(name) for name in LISTS},
    }
    for agency in everyone:
        files |= {f"{DOSSIERS}/{agency.folder}/{path}": data for path, data in plain_files(agency).items()}
    return Sample(everyone, files | _printed(everyone))


def _printed(everyone: tuple[Agency, ...]) -> dict[str, bytes]:
    """Return all documents as PDF; drawn first, so that the fonts contain just the characters in use."""
    drawn = {agency.folder: drawn_documents(agency) for agency in everyone}
    every = (sheets for documents in drawn.values() for sheets in documents.values())
    names = fonts.register(char for sheets in every for char in characters(sheets))
    titles = {document.path: document.kind for document in DOCUMENTS}
    return {
        f"{DOSSIERS}/{agency.folder}/{path_of(agency.folder, path)}": scanned(
            agency.folder, path, print_pdf(sheets, titles[path], agency.bidder.name, names)
        )
        for agency in everyone
        for path, sheets in drawn[agency.folder].items()
    }


def write_sample(folder: Path) -> Sample:
    """Generate the sample and write it below this folder."""
    sample = make_sample()
    sample.write(folder)
    return sample


def _json(record: Mapping[str, object]) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
