"""Print the figures of the project (`make figures`): layout, imports, tests, pages, size of the environment."""

import sys
from importlib import metadata
from pathlib import Path

import grimp
from wording import pages, wide_lines

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
# From the top down; wings in one set do not import each other.
ORDER = (
    {"entrypoints"},
    {"sample"},
    {"administration", "awarding"},
    {"examination"},
    {"tendering"},
    {"bidders"},
    {"evidence"},
    {"platform"},
    {"core"},
)
HEIGHT = {wing: len(ORDER) - place for place, wings in enumerate(ORDER) for wing in wings}
NOT_MIRRORED = {"making", "project", "system", "console"}


def entries() -> int:
    """Count files and folders directly in `app/`."""
    return sum(1 for one in APP.iterdir() if one.name != "__pycache__")


def upward_imports(graph: grimp.ImportGraph) -> int:
    """Count imports from a wing to one above it, or to another on its own level."""
    count = 0
    for module in graph.modules:
        here = _wing(module)
        for imported in graph.find_modules_directly_imported_by(module):
            there = _wing(imported)
            if here in HEIGHT and there in HEIGHT and here != there:
                count += HEIGHT[there] >= HEIGHT[here]
    return count


def cycles(graph: grimp.ImportGraph) -> list[str]:
    """Return pairs of features of one wing that import each other."""
    arrows = {
        (_room(module), _room(imported))
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if _wing(module) == _wing(imported) and _room(module) != _room(imported)
    }
    return sorted(f"{one} ↔ {other}" for one, other in arrows if one < other and (other, one) in arrows)


def largest_folder() -> tuple[int, str]:
    """Return the folder with the most Python files directly in it."""
    folders = {file.parent for file in APP.rglob("*.py")}
    counts = [(sum(1 for file in folder.glob("*.py")), str(folder.relative_to(ROOT))) for folder in folders]
    return max(counts)


def long_files(lines: int = 400) -> list[str]:
    """Return Python files of the application above this many lines."""
    files = ((len(file.read_text("utf-8").splitlines()), file) for file in APP.rglob("*.py"))
    return [f"{file.relative_to(ROOT)} ({count})" for count, file in sorted(files, reverse=True) if count > lines]


def mirrored_tests() -> tuple[int, int]:
    """Return the number of test files in a folder that `app/` has too, and of all tests of one wing."""
    files = [file.relative_to(ROOT / "tests") for file in (ROOT / "tests").rglob("test_*.py")]
    own = [file for file in files if file.parts[0] not in NOT_MIRRORED]
    return sum((APP / file.parent).is_dir() for file in own), len(own)


def wide_page_lines() -> tuple[int, int]:
    """Return the lines of the pages above 120 columns, and all their lines."""
    return sum(len(wide_lines(page)) for page in pages()), sum(
        len(page.read_text("utf-8").splitlines()) for page in pages()
    )


def environment() -> tuple[int, int]:
    """Return the number of installed packages, and the size of the environment in megabytes."""
    folder = Path(sys.prefix)
    size = sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir())
    return len(list(metadata.distributions())), round(size / 1e6)


def _wing(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _room(module: str) -> str:
    return ".".join(module.split(".")[1:3])


def main() -> None:
    """Print one figure per line."""
    graph = grimp.build_graph("app")
    found = cycles(graph)
    count, folder = largest_folder()
    long, (same, own), (wide, lines) = long_files(), mirrored_tests(), wide_page_lines()
    packages, size = environment()
    print(f"entries in app/                      {entries()}")
    print(f"imports between wings that run up    {upward_imports(graph)}")
    print(f"cycles of features within a wing      {len(found)}: {', '.join(found) or 'none'}")
    print(f"largest flat folder                  {count}: {folder}")
    print(f"files above 400 lines                {len(long)}: {', '.join(long) or 'none'}")
    print(f"test files that mirror the tree      {same} of {own} ({same / own:.0%})")
    print(f"lines of pages above 120 columns     {wide} of {lines}")
    print(f"environment                          {packages} packages, {size} MB in {sys.prefix}")


if __name__ == "__main__":
    main()
