"""Check rules that no linter covers; part of `make lint`. Prints violations and exits with status 1."""

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
WINGS = ("platform", "evidence", "bidders", "tendering", "examination", "awarding", "administration")
FEATURES = {f"{wing}.{room.name}" for wing in WINGS for room in (APP / wing).iterdir() if room.is_dir()}
# Allowed: the trail shows the tables of the platform's audit; `last use` updates one column of each credential; a
# dossier is a view of its organization's rows; the result is announced as notices; the import command prints its
# snapshot.
FOREIGN_TABLES = {
    ("bidders.dossiers", "app.bidders.organizations.tables"),
    ("awarding.results", "app.tendering.notices.tables"),
    ("entrypoints", "app.evidence.credit.tables"),
    ("administration.trail", "app.platform.audit.tables"),
    ("entrypoints", "app.administration.api_keys.tables"),
    ("entrypoints", "app.administration.users.tables"),
}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "misc", "common"}
ADAPTERS = {
    "app.platform.files.object_store",
    "app.platform.jobs.queue.EmbeddedQueue",
    "app.platform.jobs.shared_carrier",
    "app.platform.audit.folder_sink",
    "app.platform.audit.object_sink",
    "app.platform.audit.syslog_sink",
    "app.entrypoints.bootstrap",
}
WIRING = {"bootstrap.py", "server.py", "demo_server.py"}
COMMITTERS = {
    APP / "platform" / "unit_of_work.py",
    APP / "platform" / "web" / "routing.py",
    APP / "platform" / "database" / "migrate.py",
}
LONGEST_FILE = 500
STANDS_ALONE = APP / "platform" / "audit" / "offline"  # joined to the one file that verifiers get
MEDIAN_FILE = 100
MEDIAN_FUNCTION = 12


class Module:
    """One file of the application, parsed once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text("utf-8"))
        self.lines = len(path.read_text("utf-8").splitlines())
        self.place = path.relative_to(APP).parts
        self.wing = self.place[0] if len(self.place) > 1 else None
        self.feature = ".".join(self.place[:2]) if self.wing in WINGS and len(self.place) > 2 else self.wing

    def imports(self) -> Iterator[tuple[int, str]]:
        """Yield line and full name of every import, including those inside functions."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                yield from ((node.lineno, f"{base}.{name.name}") for name in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield every function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def core_is_pure(module: Module) -> Iterator[str]:
    """The core imports only the standard library and itself."""
    if module.wing != "core":
        return
    for line, name in module.imports():
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and not name.startswith("app.core"):
            yield f"{line}: the core imports {name}"


def features_keep_apart(module: Module) -> Iterator[str]:
    """A feature uses another's service, never its tables (import-linter enforces the same for routes)."""
    if module.path.name == "features.py":
        return
    for line, name in module.imports():
        parts = name.split(".")
        owner = ".".join(parts[1:3])
        foreign = parts[0] == "app" and parts[3:4] == ["tables"] and owner in FEATURES - {module.feature}
        if foreign and (module.feature, ".".join(parts[:4])) not in FOREIGN_TABLES:
            yield f"{line}: {module.feature} imports {name}"


def names_say_something(module: Module) -> Iterator[str]:
    """No names for leftovers, such as utils."""
    for part in module.place:
        if part.removesuffix(".py") in FORBIDDEN_NAMES:
            yield f"1: {part} is a meaningless name"


def services_do_not_commit(module: Module) -> Iterator[str]:
    """Only the owner of a unit of work (request, job chunk, command) commits."""
    if module.path in COMMITTERS:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield f"{node.lineno}: commits, which only the owner of a unit of work does (app/platform/unit_of_work.py)"


def adapters_are_wired_in_one_place(module: Module) -> Iterator[str]:
    """Only bootstrap.py names concrete adapters; commands and the server get them from it."""
    if module.path.name in WIRING or module.place[:2] == ("entrypoints", "cli"):
        return
    for line, name in module.imports():
        if any(name == adapter or name.startswith(f"{adapter}.") for adapter in ADAPTERS):
            yield f"{line}: names {name}; bootstrap.py does that"


def files_stay_short(module: Module) -> Iterator[str]:
    """A file stays below the maximum length."""
    if module.lines > LONGEST_FILE:
        yield f"1: {module.lines} lines, {LONGEST_FILE} at most"


def what_stands_alone_does(module: Module) -> Iterator[str]:
    """The verifier runs without the rest of the service."""
    if module.path.parent == STANDS_ALONE:
        for line, name in module.imports():
            own = name.startswith("app.platform.audit.offline.")
            if not own and name.partition(".")[0] not in sys.stdlib_module_names | {"cryptography"}:
                yield f"{line}: imports {name}, and has to run alone"


RULES = (
    what_stands_alone_does,
    core_is_pure,
    features_keep_apart,
    names_say_something,
    services_do_not_commit,
    adapters_are_wired_in_one_place,
    files_stay_short,
)


def medians(modules: list[Module]) -> Iterator[str]:
    """The medians of file and function length stay within the aims."""
    file = statistics.median(module.lines for module in modules if module.lines > 1)
    lengths = [_length(function) for module in modules for function in module.functions()]
    function = statistics.median(lengths)
    print(f"{len(modules)} files, median {file:.0f} lines; {len(lengths)} functions, median {function:.0f} lines")
    if file >= MEDIAN_FILE:
        yield f"the median file has {file:.0f} lines, below {MEDIAN_FILE} is the aim"
    if function > MEDIAN_FUNCTION:
        yield f"the median function has {function:.0f} lines, up to {MEDIAN_FUNCTION} is the aim"


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of the body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def main() -> int:
    """Apply every rule to every file."""
    modules = [Module(path) for path in sorted(APP.rglob("*.py"))]
    broken = [
        f"{module.path.relative_to(ROOT)}:{found}" for module in modules for rule in RULES for found in rule(module)
    ]
    broken += medians(modules)
    print("\n".join(broken))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
