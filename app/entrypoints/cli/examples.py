"""An example of every command, which its `--help` shows last; a test parses each of them."""

import typer

_ORGANIZATION = "org_01j9z3k4m5n6p7q8r9s0t1v2w3"
EXAMPLES = {
    "serve": "serve --host 0.0.0.0 --port 8000",
    "migrate": "-C /srv/tenders migrate",
    "worker": "worker",
    "rank": "rank sample/rankings/lot-1.json",
    "awards": "awards sample/awards.json",
    "seal": "seal --tender-key age1… --fingerprint ab12-cd34 --tender ten_… --lot lot_… --bidder org_… "
    "--price 958000.00 --document plan.pdf --out lot-1.age --keep contents.json",
    "check": "-C /srv/tenders check",
    "backup": "backup /backup/2026-05-31.tar",
    "restore": "-C /srv/restored restore /backup/2026-05-31.tar",
    "sample": "sample --out sample",
    "demo": "demo --out demo",
    "credit import": "credit import court-dishonest list.csv --retrieved-at 2026-05-19",
    "credit match": "credit match bidders.csv --as-of 2026-05-20",
    "jobs list": "jobs list --state dead",
    "jobs retry": "jobs retry --all",
    "jobs cancel": "jobs cancel job_01j9z3k4m5n6p7q8r9s0t1v2w3",
    "api-keys create": "api-keys create --role officer --name 经办脚本",
    "api-keys list": "api-keys list",
    "api-keys revoke": "api-keys revoke key_01j9z3k4m5n6p7q8r9s0t1v2w3",
    "audit export": "audit export --out trail.jsonl",
    "audit verify": "audit verify trail.jsonl --checkpoints checkpoints --public-key trail.pem",
    "audit checkpoint": "audit checkpoint",
    "audit alarms": "audit alarms",
    "audit public-key": "audit public-key > trail.pem",
    "audit verifier": "audit verifier --out verify_trail.py",
    "users create-admin": "users create-admin zhang.wei --name 张伟",
    "users create": "users create li.na --role officer --name 李娜",
    "users list": "users list",
    "users disable": "users disable li.na",
    "users reset": "users reset li.na",
    "users set-password": "users set-password li.na",
    "keys new": "keys new --out custodian.key",
    "keys ceremony": "keys ceremony --custodian 甲=age1… --custodian 乙=age1… --custodian 丙=age1… --out ceremony.json",
    "keys peel": "keys peel ceremony.json --with 甲,乙 --identity custodian.key --out peeled.json",
    "keys prove": "keys prove trials.json --custodian 甲 --identity custodian.key --fingerprint ab12-cd34",
    "keys fingerprint": "keys fingerprint age1…",
    "keys verify": "keys verify opening.json --envelope lot-1.age --receipt-file receipt.json --contents-file contents.json",
    "divisions check": "divisions check",
    "policy check": "policy check care.yaml",
    "policy explain": "policy explain suzhou-current --language en",
    "policy schema": "policy schema > policy.schema.json",
    "secrets renew": "secrets renew",
    "secrets forget": "secrets forget",
    "secrets rotate": "secrets rotate",
    "privacy report": "privacy report",
    "privacy retention": f"privacy retention {_ORGANIZATION}",
    "privacy shred": f"privacy shred {_ORGANIZATION} --reason 保存期限届满",
}


def show_examples(cli: typer.Typer) -> None:
    """Put each example below its command's help; commands whose text has one of its own are left out above."""
    for group in (None, *cli.registered_groups):
        commands = (cli if group is None else group.typer_instance or cli).registered_commands
        for command in commands:
            assert command.callback is not None
            name = command.name or command.callback.__name__.replace("_", "-")
            example = EXAMPLES.get(name if group is None else f"{group.name} {name}")
            if example:
                command.epilog = f"Example: bidscreen {example}"
