"""`bidscreen policy`: write a policy without code, check it with line and pointer, explain it in words."""

from pathlib import Path
from typing import Annotated, Any

import typer

File = Annotated[
    str, typer.Argument(metavar="FILE|PRESET", help="A policy file in YAML or JSON, or the id of a preset.")
]


def register(cli: typer.Typer) -> None:
    """Add `policy new|check|explain|export|schema`."""
    policy = typer.Typer(
        help="Policies without code: write, check and read the requirements of a tender.", no_args_is_help=True
    )
    policy.command("new")(new)
    policy.command("check")(check)
    policy.command("explain")(explain)
    policy.command("export")(export)
    policy.command("schema")(schema)
    cli.add_typer(policy, name="policy")


def new(
    policy_id: Annotated[str, typer.Argument(metavar="ID", help="Lower-case letters, digits, - and _.")],
    preset: Annotated[str, typer.Option("--from", help="The preset to start from.")] = "general-services",
    out: Annotated[Path | None, typer.Option(help="Output file (default: standard output).")] = None,
) -> None:
    """Write a policy of your own from a preset, comments included.

    Example: bidscreen policy new care-2027 --from elderly-care --out care.yaml
    """
    import re

    from app.tendering.policies.loader import PolicyInvalid, preset_text, read_policy

    try:
        text = preset_text(preset).decode()
    except PolicyInvalid as refusal:
        raise typer.BadParameter(refusal.errors[0][1], param_hint="--from") from None
    text = re.sub(r"(?m)^id: .*$", f"id: {policy_id}", text, count=1)
    try:
        read_policy(text.encode(), policy_id)
    except PolicyInvalid:
        expected = "lower-case letters, digits, - and _ are expected, at most 64"
        raise typer.BadParameter(expected, param_hint="ID") from None
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise typer.BadParameter("the file already exists", param_hint="--out") from None
    typer.echo(f"{out} written; edit it, then: bidscreen policy check {out}", err=True)


def check(files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Policy files in YAML or JSON.")]) -> None:
    """Check policy files. Each error is `FILE:LINE:COLUMN: POINTER: what is expected`. Exit status 0: valid, 3:
    invalid.
    """
    from app.entrypoints.cli.terminal.json_io import REFUSED, read_document
    from app.tendering.policies.loader import PolicyInvalid, read_policy

    refused = False
    for file in files:
        text = read_document(file)
        try:
            found = read_policy(text, file.name)
        except PolicyInvalid as refusal:
            refused = True
            for pointer, expected in refusal.errors:
                typer.echo(f"{_place(file, text, pointer)}: {pointer or '/'}: {expected}")
            continue
        typer.echo(
            f"{file}: valid: {found.id} version {found.version}, {len(found.requirements)} requirements, {found.sha256}"
        )
    if refused:
        raise typer.Exit(REFUSED)


def _place(file: Path, text: bytes, pointer: str) -> str:
    from app.tendering.policies.positions import position

    found = position(text, pointer)
    return f"{file}:{found.line}:{found.column}" if found else str(file)


def explain(policy: File, language: Annotated[str, typer.Option(help="zh or en.")] = "zh") -> None:
    """Explain a policy in words: its requirements, what each examines, and when it is met, not met or undetermined."""
    from app.core.procedure.second_person import RULES, Act
    from app.entrypoints.cli.terminal.json_io import REFUSED
    from app.tendering.policies.explanation import explain as explained
    from app.tendering.policies.loader import PolicyInvalid, find_policy

    if language not in {"zh", "en"}:
        raise typer.BadParameter("zh or en is expected", param_hint="--language")
    try:
        found = find_policy(policy)
    except PolicyInvalid as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(REFUSED) from None
    typer.echo(f"{getattr(found.title, language)} ({found.id}, {found.version})")
    for number, one in enumerate(explained(found), 1):
        _say(one, f"{number}.", "", language)
    typer.echo({"zh": "须由两人办理：", "en": "needs two persons:"}[language])
    for rule in (RULES[Act(act)] for act in found.approvals):
        typer.echo(f"   {getattr(rule.title, language)}: {rule.article}")


_WORDS = {
    "zh": ("依据", "要求", "查看", "符合", "不符合", "待定", "备选"),
    "en": ("based on", "asks", "looks at", "met", "not met", "undetermined", "alternative"),
}


def _say(one: Any, number: str, indent: str, language: str) -> None:
    basis, asks, looks, met, not_met, undetermined, alternative = _WORDS[language]
    typer.echo(f"{indent}{number} {getattr(one.title, language)} [{one.id}]")
    lines = [(basis, "；".join(one.legal_basis) or "—")]
    lines += [(asks, getattr(each, language)) for each in one.asks]
    rule = one.rule
    lines += [(looks, getattr(rule.evidence, language)), (met, getattr(rule.met, language))]
    lines += [(not_met, getattr(rule.not_met, language)), (undetermined, getattr(rule.undetermined, language))]
    for word, text in lines:
        typer.echo(f"{indent}   {word}: {text}")
    for place, each in enumerate(one.alternatives, 1):
        _say(each, f"{alternative} {place}:", indent + "   ", language)


def export(policy: File) -> None:
    """Print a policy as JSON, as `policy` in POST /tenders expects it. Exit status 0: valid, 3: invalid.

    Example: bidscreen policy export care.yaml > care.json
    """
    from app.core.values.canonical import canonical_json
    from app.entrypoints.cli.terminal.json_io import REFUSED, read_document
    from app.tendering.policies.loader import PolicyInvalid, parse_yaml, policy_of, presets
    from app.tendering.policies.presets import preset_document

    try:
        given = preset_document(policy) if policy in presets() else parse_yaml(read_document(Path(policy)), policy)
        policy_of(given, policy)
    except PolicyInvalid as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(REFUSED) from None
    typer.echo(canonical_json(given).decode())


def schema() -> None:
    """Print the JSON Schema of a policy, for completion and validation in editors."""
    from app.entrypoints.cli.terminal.json_io import answer
    from app.tendering.policies.json_schema import policy_schema

    answer(policy_schema())
