"""A report's file: what its ending says of its format, and how it is written."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.harness.report import pages, sarif, stored
from tests.harness.report.run import Report

# The first that fits: GitLab's report is JSON too, and its documentation calls the file by the last of these names.
FORMATS: dict[str, Callable[[Report], str]] = {
    ".codequality.json": sarif.as_code_quality,
    "gl-code-quality-report.json": sarif.as_code_quality,
    ".json": stored.as_json,
    ".sarif": sarif.as_sarif,
    ".md": pages.as_markdown,
    ".html": pages.as_html,
}
ENDINGS = ".html, .md, .json, .sarif, or .codequality.json for GitLab's code quality report"


class BadFile(Exception):
    """A report cannot be written there; the text says why."""


def check(file: Path) -> None:
    """Raise BadFile where a report could not be written at the end of a run."""
    if not file.name.endswith(tuple(FORMATS)):
        raise BadFile(f"{file}: its ending says the format, and must be one of {ENDINGS}.")
    if not file.absolute().parent.is_dir():
        raise BadFile(f"{file}: there is no folder {file.absolute().parent}. Make it first.")
    if file.is_dir():
        raise BadFile(f"{file}: is a folder. Name a file in it.")
    if not os.access(file.absolute().parent, os.W_OK):
        raise BadFile(f"{file}: its folder cannot be written to.")


def write(report: Report, file: Path) -> None:
    """Write a report in the format of the file's ending: all of it, or nothing. Raises BadFile."""
    render = next(each for ending, each in FORMATS.items() if file.name.endswith(ending))
    made = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="backslashreplace", dir=file.absolute().parent, delete=False
        ) as whole:
            made = Path(whole.name)
            whole.write(render(report))
        # Readable as any file is that the shell makes: mkstemp's is the owner's alone.
        umask = os.umask(0)
        os.umask(umask)
        made.chmod(0o666 & ~umask)
        made.replace(file)
    except OSError as fault:
        raise BadFile(f"{file}: cannot be written ({fault.strerror}).") from None
    finally:
        if made is not None:
            made.unlink(missing_ok=True)
