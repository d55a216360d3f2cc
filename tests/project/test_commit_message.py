"""The form of commit messages is checked for new commits only, in any clone."""

import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "commit_form.py"
errors = runpy.run_path(str(SCRIPT))["errors"]
GOOD = "Re-read truncated names with a wider crop\n\nA seal hides up to four characters: 41 of 44 are read now.\n"


@pytest.mark.parametrize(
    "message",
    [
        GOOD,
        "Embed fonts\n\nViewers without them showed boxes.\n",
        "Speed up the search\n\nFrom 2 ms to 0.1 ms.\n\n# a comment of git\n",
        "Merge branch 'x'",
        'Revert "Add y"',
    ],
)
def test_a_good_message_passes(message: str) -> None:
    assert list(errors(message)) == []


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("", "subject is missing"),
        (f"Add {'x' * 69}\n\nwhy", "73 characters"),
        ("Add this; fix that\n\nwhy", "two changes"),
        ("The index is faster\n\nwhy", "not imperative"),
        ("Adds an index\n\nwhy", "not imperative"),
        ("Added an index\n\nwhy", "not imperative"),
        ("Adding an index\n\nwhy", "not imperative"),
        ("add an index\n\nwhy", "lower-case letter"),
        ("Add an index.\n\nwhy", "full stop"),
        ("Add an index", "body is missing"),
        ("Add an index\n\nSigned-off-by: A <a@b.c>", "body is missing"),
        ("Add an index\nwhy", "blank line"),
    ],
)
def test_what_is_wrong_is_named(message: str, said: str) -> None:
    assert any(said in error for error in errors(message))


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def checked(folder: Path) -> tuple[int, str]:
    command = ["python3", str(folder / "scripts" / "commit_form.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An older commit of another form, then the one that adds the check."""
    folder = tmp_path / "project"
    (folder / "scripts").mkdir(parents=True)
    git(tmp_path, "init", "-q", str(folder))
    git(folder, "commit", "-q", "--allow-empty", "-m", "the time before; nobody looked")
    shutil.copy(SCRIPT, folder / "scripts")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Check messages\n\nThey were not read.")
    return folder


def test_only_commits_after_the_check_are_looked_at(project: Path) -> None:
    assert checked(project) == (0, "0 commit messages checked\n")
    git(project, "commit", "-q", "--allow-empty", "-m", GOOD)
    assert checked(project) == (0, "1 commit messages checked\n")
    git(project, "commit", "-q", "--allow-empty", "-m", "all sorts; of things")
    status, said = checked(project)
    assert status == 1
    assert "two changes" in said
    assert "nobody looked" not in said


def test_a_shallow_clone_or_none_is_no_failure(project: Path, tmp_path: Path) -> None:
    git(project, "commit", "-q", "--allow-empty", "-m", "all sorts; of things")
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{project}", str(tmp_path / "shallow")], check=True)
    assert checked(tmp_path / "shallow")[0] == 0
    shutil.rmtree(project / ".git")
    assert checked(project)[0] == 0


def test_the_hook_reads_the_message_that_is_about_to_be_recorded(tmp_path: Path) -> None:
    message = tmp_path / "COMMIT_EDITMSG"
    message.write_text("fixed it")
    hook = ROOT / "scripts" / "hooks" / "commit-msg"
    done = subprocess.run([str(hook), str(message)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "lower-case letter" in done.stdout
    message.write_text(GOOD)
    assert subprocess.run([str(hook), str(message)], cwd=ROOT, capture_output=True, check=False).returncode == 0
