"""`keys …` and `seal`: for custodians and bidders, offline on their own machines."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

keys = typer.Typer(no_args_is_help=True, help="Keys of custodians and tenders (sealed bids).")
_Out = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="Output file; an existing file is never overwritten.")
]


def register(cli: typer.Typer) -> None:
    """Add `keys` and `seal`."""
    cli.add_typer(keys, name="keys")
    cli.command("seal")(seal)


@keys.command()
def new(out: _Out) -> None:
    """Generate a custodian's key pair. The file stays with the custodian; the public key is printed."""
    from app.tendering.envelopes.age import new_identity

    identity, recipient = new_identity()
    _write(out, f"# public key: {recipient}\n{identity}\n".encode(), private=True)
    typer.echo(recipient)


@keys.command()
def ceremony(
    custodian: Annotated[
        list[str], typer.Option(metavar="NAME=AGE1…", help="A custodian's public key; repeat for each custodian.")
    ],
    out: _Out,
    threshold: Annotated[int, typer.Option(help="How many custodians are needed to open the bids.")] = 2,
) -> None:
    """Generate a tender's key for these custodians. Its private part is wrapped and never written or printed."""
    from app.tendering.envelopes.ceremony import hold

    pairs = [name.partition("=")[::2] for name in custodian]
    if any(not name or not key for name, key in pairs) or len(dict(pairs)) < len(pairs):
        raise typer.BadParameter("NAME=AGE1… once for each custodian is expected", param_hint="--custodian")
    held = _refusing(lambda: hold(dict(pairs), threshold))
    _write(out, _json(held.document()))
    typer.echo(held.public_key)


@keys.command()
def peel(
    wrap: Annotated[Path, typer.Argument(help="The published ceremony, or the output of the previous custodian.")],
    identity: Annotated[Path, typer.Option(help="This custodian's key file.")],
    out: _Out,
    custodians: Annotated[
        str | None,
        typer.Option(
            "--with", metavar="A,B", help="The custodians whose wrap to peel, if the file is the whole ceremony."
        ),
    ] = None,
    ceremony: Annotated[
        Path | None,
        typer.Option(help="The published ceremony, to compare the previous custodian's output with; required then."),
    ] = None,
) -> None:
    """Remove one layer of a wrap. The last custodian's output is the tender's key, to be submitted at the bid opening.

    A share that is not what the ceremony published is refused with the name of its custodian (`share_forged`).
    """
    from app.tendering.envelopes.age import identity_in
    from app.tendering.envelopes.ceremony import TenderKey, Wrap, handed_on, of_subset
    from app.tendering.envelopes.ceremony import peel as take_off

    if custodians is None and ceremony is None:
        raise typer.BadParameter(
            "--with for the whole ceremony, --ceremony for a previous custodian's output", param_hint="--ceremony"
        )

    def peeled() -> Wrap | TenderKey:
        text, key = wrap.read_bytes(), identity_in(identity.read_text("utf-8", "replace"))
        if custodians is not None:
            return take_off(of_subset(text, custodians.split(",")), key)
        return take_off(handed_on(text, (ceremony or wrap).read_bytes()), key)

    done = _refusing(peeled)
    _write(out, _json(done.document()), private=True)
    typer.echo(f"next: {done.custodians[0]}" if isinstance(done, Wrap) else "complete: the tender's key")


@keys.command()
def fingerprint(
    public_key: Annotated[str, typer.Argument(metavar="AGE1…", help="The tender's public key.")],
) -> None:
    """Print the fingerprint of a tender's public key, to compare with the tender's notice."""
    from app.tendering.envelopes.pins import fingerprint as digits_of

    typer.echo(digits_of(public_key))


@keys.command()
def prove(
    trials: Annotated[Path, typer.Argument(help="The response of GET /tenders/{id}/opening/trials, saved as a file.")],
    custodian: Annotated[str, typer.Option(help="This custodian's name.")],
    identity: Annotated[Path, typer.Option(help="This custodian's key file.")],
    fingerprint: Annotated[
        str,
        typer.Option(
            prompt="Fingerprint of the key, from the ceremony", help="Of the tender's key, as the ceremony showed it."
        ),
    ],
) -> None:
    """Answer a custodian's trial: print the body of POST /tenders/{id}/opening/trials. It shows that this key opens what
    is sealed to the custodian, and confirms the fingerprint of the tender's key."""
    from app.entrypoints.cli.terminal.json_io import answer
    from app.tendering.envelopes.age import identity_in
    from app.tendering.envelopes.pins import trial_answer
    from app.tendering.envelopes.proving import trial_value

    def proved() -> str:
        key = identity_in(identity.read_text("utf-8", "replace"))
        return trial_answer(trial_value(trials.read_bytes(), custodian, key), fingerprint)

    answer({"custodian": custodian, "answer": _refusing(proved)})


@keys.command()
def verify(
    opening: Annotated[Path, typer.Argument(help="The response of GET /tenders/{id}/opening, saved as a file.")],
    envelope: Annotated[Path | None, typer.Option(help="Your own envelope, as submitted.")] = None,
    receipt: Annotated[str | None, typer.Option(help="The number of its receipt.")] = None,
    receipt_file: Annotated[
        Path | None, typer.Option(help="The whole receipt, saved as a file: proves its time.")
    ] = None,
    contents: Annotated[
        str | None, typer.Option(metavar="SHA256", help="`contentsSha256` that `seal` printed.")
    ] = None,
    contents_file: Annotated[Path | None, typer.Option(help="The contents that `seal --keep` wrote.")] = None,
    checkpoints: Annotated[Path | None, typer.Option(help="The checkpoints of a sink: a folder or a log.")] = None,
    public_key: Annotated[list[Path] | None, typer.Option(help="The service's public key (PEM).")] = None,
    tender_key: Annotated[
        Path | None, typer.Option(help="For custodians: the output of the last `keys peel`, with --envelopes.")
    ] = None,
    envelopes: Annotated[Path | None, typer.Option(help="For custodians: a folder with all opened envelopes.")] = None,
) -> None:
    """Verify an opening offline: list, record, prices and draw agree with one another, with your envelope, receipt and
    contents, and with checkpoints outside the service. Exit status 0: verified, 3: not."""
    from app.entrypoints.cli.terminal.json_io import answer
    from app.tendering.envelopes.proving import Given, verified

    given = Given(
        envelope,
        receipt,
        receipt_file,
        contents,
        contents_file,
        checkpoints,
        tuple(public_key or ()),
        tender_key,
        envelopes,
    )
    found = _refusing(lambda: verified(opening, given))
    answer({"proofs": [{"id": one.id, "holds": one.holds} for one in found]})
    if any(one.holds is False for one in found):
        raise typer.Exit(3)


def seal(
    tender_key: Annotated[str, typer.Option(metavar="AGE1…", help="The tender's public key, as published.")],
    tender: Annotated[str, typer.Option(help="The tender's id.")],
    lot: Annotated[str, typer.Option(help="The lot's id.")],
    bidder: Annotated[str, typer.Option(help="The bidder's organization id.")],
    out: _Out,
    fingerprint: Annotated[
        str,
        typer.Option(
            prompt="Fingerprint of the key, from the tender's notice", help="Of the key, as in the tender's notice."
        ),
    ],
    price: Annotated[str | None, typer.Option(help="The price in figures, as on the opening sheet.")] = None,
    words: Annotated[str | None, typer.Option(help="The price in words (大写).")] = None,
    unit: Annotated[str, typer.Option(help="Unit of bare figures in yuan (10000 for 万元).")] = "1",
    item: Annotated[list[str] | None, typer.Option(metavar="QUANTITY*PRICE", help="A unit price.")] = None,
    offered: Annotated[str | None, typer.Option(help="The quantity offered, if the scheme scores it.")] = None,
    dossier_version: Annotated[
        str, typer.Option(help="The version of your dossier that this bid refers to, if it states one.")
    ] = "",
    document: Annotated[
        list[Path] | None, typer.Option(help="A document of the bid; its hash is included. Repeat for each document.")
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the contents here, to verify the opening with. Keep it secret."),
    ] = None,
) -> None:
    """Seal a bid for one lot. Prints the price as read and the hash that the receipt must show."""
    from app.entrypoints.cli.terminal.json_io import answer
    from app.tendering.envelopes.pins import require_fingerprint
    from app.tendering.envelopes.sealing import Offer, sealed

    _refusing(lambda: require_fingerprint(tender_key, fingerprint))
    offer = Offer(tender, lot, bidder, dossier_version, price, words, unit, tuple(item or ()), offered)
    done = _refusing(lambda: sealed(offer, tender_key, [path.read_bytes() for path in document or ()]))
    _write(out, done.envelope)
    if keep is not None:
        _write(keep, done.contents, private=True)
    answer(done.shown())


def _refusing(act: Callable[[], Any]) -> Any:
    """Run a command; a refusal is one line with its code and status 3, an unreadable file status 2."""
    from app.core.bids.sealing import SealRefused

    try:
        return act()
    except SealRefused as refused:
        typer.echo(f"{refused.code}: {refused}", err=True)
        raise typer.Exit(3) from None
    except OSError as error:
        raise typer.BadParameter(f"the file cannot be read: {error.strerror}") from None


def _json(document: dict[str, Any]) -> bytes:
    import json

    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _write(path: Path, content: bytes, *, private: bool = False) -> None:
    import os

    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    except OSError as error:
        raise typer.BadParameter(f"the file cannot be written: {error.strerror}", param_hint="--out") from None
    with os.fdopen(opened, "wb") as file:
        file.write(content)
