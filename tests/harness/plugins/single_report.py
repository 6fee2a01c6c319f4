"""One test in the place of all others, where those would only repeat what it says."""

from pathlib import Path
from typing import Any

import pytest


class SingleReport(pytest.Item):
    """The one test of a run; it fails."""

    words = ""

    def runtest(self) -> None:
        """Fail, in these words."""
        raise AssertionError(self.words)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Show the message alone."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the rule in the place of a test file."""
        return self.path, None, self.name


def report_only(
    session: pytest.Session, items: list[pytest.Item], nodeid: str, rule: str, clause: str, words: str, page: Path
) -> None:
    """Put one test in the place of all: the rule, the clause of a page that it breaks, and what there is to say."""
    session.config.hook.pytest_deselected(items=list(items))
    alone = SingleReport.from_parent(session, name=rule, nodeid=nodeid, path=page)
    alone.words = words
    alone.add_marker(pytest.mark.clause(clause))
    items[:] = [alone]
