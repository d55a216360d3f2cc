"""Statements of a bid against uploads: missing, late, another version, nothing stated."""

from dataclasses import replace

import pytest

from app.core.bids.prices import PriceForm, Said
from app.core.bids.sealing import Contents
from app.core.bids.stated import Difference, Differs, Uploaded, differences

A, B = "a" * 64, "b" * 64
CONTENTS = Contents("ten_1", "lot_1", "org_1", "", PriceForm(Said(), Said(), ()), (), "0f" * 32)


@pytest.mark.parametrize(
    ("documents", "version", "uploaded", "found"),
    [
        ((), "", {}, []),
        ((A,), "4", {A: True}, []),
        ((A.upper(),), "", {A: True}, []),
        ((A, A), "", {}, [Difference(Differs.DOCUMENT_MISSING, A, None)]),
        ((A, B), "", {A: False, B: True}, [Difference(Differs.DOCUMENT_LATE, A, A)]),
        ((), "3", {B: True}, [Difference(Differs.DOSSIER_VERSION, "3", "4")]),
    ],
)
def test_each_statement_is_compared(documents, version, uploaded, found):
    contents = replace(CONTENTS, documents=documents, dossier_version=version)
    assert list(differences(contents, Uploaded(uploaded, 4))) == found
