"""Check the form of commit messages: one change, an imperative subject of at most 72 characters, a body.

    commit_form.py FILE as the commit-msg hook: the message that git is about to record
    commit_form.py as part of `make lint`: commits made after this check was added

Earlier commits are ignored, and so is a clone whose history does not reach back to the check.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONGEST = 72
_GENERATED = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ")
_TRAILER = re.compile(r"[A-Z][A-Za-z-]+: \S")
# The first word of a subject must be a bare verb (imperative). These words are other forms.
_NOT_AN_ORDER = re.compile(
    r"(?:The|A|An|This|That|These|It|There|Some|All|No|Every|Each|What|Where|Who|How|When|Why|Now)\b"
    r"|[A-Z]?[a-z]+(?:ed|ing)\b(?<!Embed)(?<!Feed)(?<!Seed)(?<!Need)(?<!Shed)(?<!Speed)(?<!String)(?<!Bring)(?<!Ping)"
)
# Verbs in the third person ("Adds", "Fixes"), without the ending the imperative.
_THIRD_PERSON = re.compile(
    r"(?:Add|Allow|Change|Check|Correct|Cut|Drop|Extend|Give|Hold|Keep|Let|Make|Mask|Mend|Merge|Move|Name|Read|Refuse"
    r"|Remove|Rename|Replace|Report|Return|Say|Show|Split|State|Stop|Test|Update|Use|Write)s\b|(?:Fix|Pass)es\b"
)


def errors(message: str) -> Iterator[str]:
    """Return what is wrong with a commit message; empty if its form is correct."""
    lines = [line.rstrip() for line in message.splitlines() if not line.startswith("#")]
    subject, *rest = lines or [""]
    if subject.startswith(_GENERATED):
        return
    if not subject:
        yield "the subject is missing"
        return
    if len(subject) > LONGEST:
        yield f"the subject has {len(subject)} characters; {LONGEST} at most"
    if subject.endswith("."):
        yield "the subject ends with a full stop"
    if ";" in subject:
        yield "the subject names two changes (a semicolon): make two commits"
    if not subject[:1].isupper():
        yield "the subject begins with a lower-case letter"
    if _NOT_AN_ORDER.match(subject) or _THIRD_PERSON.match(subject):
        yield f"the subject is not imperative: begin with a verb such as Add, Fix, Rename, not “{subject.split()[0]}”"
    if rest and rest[0]:
        yield "a blank line is missing between subject and body"
    if not any(line and not _TRAILER.match(line) for line in rest):
        yield "the body is missing: say why, with the figure where there is one"


def new_commits() -> list[tuple[str, str]]:
    """Return (short id, message) of each commit after the one that introduced this check; none if the history does not
    contain it.
    """
    here = str(Path(__file__).relative_to(ROOT))
    if _git("rev-parse", "--is-shallow-repository").strip() != "false":
        return []
    introduced = _git("log", "--diff-filter=A", "--format=%H", "--", here).split()
    if not introduced:
        return []
    listed = _git("log", "--no-merges", "--format=%h%x00%B%x01", f"{introduced[-1]}..HEAD")
    pairs = (entry.strip("\n").partition("\0") for entry in listed.split("\1"))
    return [(commit, message) for commit, _, message in pairs if commit]


def _git(*arguments: str) -> str:
    """Return git's output; "" where there is no git or no repository."""
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout


def main() -> int:
    """Print what is wrong; status 1 if there is anything."""
    checked = [("this commit", Path(sys.argv[1]).read_text("utf-8"))] if len(sys.argv) > 1 else new_commits()
    wrong = [f"{commit}: {error}" for commit, message in checked for error in errors(message)]
    print("\n".join(wrong) if wrong else f"{len(checked)} commit messages checked")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
