"""One test in the place of all others, where those would only repeat what it says."""

from pathlib import Path

import pytest

Items = list[pytest.Item]


class SingleReport(pytest.Item):
    """The one test of a run: it fails, or where no clause is broken, its setup does, which is an error."""

    words = ""
    is_error = False

    def setup(self) -> None:
        """Say what makes it an error."""
        if self.is_error:
            self.runtest()

    def runtest(self) -> None:
        """Fail, in these words alone."""
        pytest.fail(self.words, pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the rule in the place of a test file."""
        return self.path, None, self.name


def report_only(
    session: pytest.Session, items: Items, nodeid: str, rule: str, words: str, page: Path, clause: str | None = None
) -> None:
    """Put one test in the place of all: the rule, what there is to say, and the clause of a page that is broken."""
    session.config.hook.pytest_deselected(items=list(items))
    alone = SingleReport.from_parent(session, name=rule, nodeid=nodeid, path=page)
    alone.words, alone.is_error = words, clause is None
    if clause is not None:
        alone.add_marker(pytest.mark.clause(clause))
    items[:] = [alone]
