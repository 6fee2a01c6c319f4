"""What --collect-only lists: the clauses, by page and chapter; and what a selection says that matches no test."""

import inspect
import os
import shlex
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.harness.core.private_api import list_no_tests
from tests.harness.plugins.clauses import ids_of
from tests.harness.plugins.messages import MESSAGES
from tests.harness.plugins.pages import Page, find_page


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """List clauses in the place of tests; with -v or -q, and where tests prove no clause, pytest lists its tests."""
    config = session.config
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not config.option.collectonly or config.option.verbose:
        return
    if session.items and all(map(ids_of, session.items)):
        list_no_tests(reporter)
        for line in listed(session.items, config.invocation_params.dir, config.get_terminal_writer().fullwidth):
            reporter.line(line)


def listed(items: Sequence[pytest.Item], here: Path, width: int) -> Iterator[str]:
    """Yield the clauses with their words and the number of their tests, each in the chapter that has most of them."""
    pages: dict[Page, dict[str, Counter[Path]]] = defaultdict(lambda: defaultdict(Counter))
    heads = {item.path: inspect.getdoc(getattr(item, "module", None)) or "" for item in items}
    for item in items:
        for name in ids_of(item):
            pages[find_page(item.path)][name][item.path] += 1
    chapters = list(heads)
    for page, tests in pages.items():
        yield from ("", os.path.relpath(page.path, here))
        clauses = [
            (max(tests[name], key=lambda each: tests[name][each]), name) for name in page.clauses if name in tests
        ]
        last = None
        for path, name in sorted(clauses, key=lambda each: chapters.index(each[0])):
            if path != last:
                yield f"  {path.name}: {heads[path].splitlines()[0]}"
            last, number = path, tests[name].total()
            words = f"    {name:4}{number:4} test{'s' if number > 1 else ' '}  {page.clauses[name].text}"
            yield from textwrap.wrap(words, max(width, 80), subsequent_indent=" " * 17, drop_whitespace=True)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, exitstatus: int, config: pytest.Config) -> None:
    """Say which selection matched no test, and how to see what there is."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        option = config.option
        given = {"-k": option.keyword, "-m": option.markexpr, "--deselect": " ".join(option.deselect or ())}
        words = [f"{name} {shlex.quote(value)}" for name, value in given.items() if value]
        selection = ", ".join([*words, f"in {' '.join(config.args)}"])
        terminalreporter.line(MESSAGES["nothing_chosen"].format(selection=selection))
