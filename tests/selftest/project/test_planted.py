"""The table of the suite and its peers side by side: it is whole, and holds for the files there are."""

import re
import tomllib

from tests.harness.core.paths import ROOT
from tests.selftest.project.planted import faults, right_things

PAGE = ROOT / "tests" / "peers" / "README.md"
TABLE = re.compile(r"<!-- peers: begin[^>]* -->\n(.+)\n<!-- peers: end -->", re.DOTALL)
OURS = "this suite"


def rows() -> dict[str, dict[str, list[int]]]:
    """Read the table: for each tool and column, the numbers of its cell."""
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None, "the page has no table of the peers. Write it: tox -e peers -- --write"
    head, _, *lines = ([cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines())
    return {
        cells[0]: {name: [*map(int, re.findall(r"\d+", cell))] for name, cell in zip(head, cells, strict=True)}
        for cells in lines
    }


def test_the_table_has_the_pinned_peers_and_as_many_files_for_each() -> None:
    """A newer peer wants another run (tox -e peers -- --write); files that came since the last one are not in it."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    assert [*rows()] == [*(pin.replace("==", " ") for pin in groups["peers"]), OURS]
    numbers = {(row["caught"][1], row["false alarms"][1]) for row in rows().values()}
    assert len(numbers) == 1
    ((planted, right),) = numbers
    assert 40 <= planted <= len(faults())
    assert 30 <= right <= len(right_things())


def test_the_suite_is_below_no_peer() -> None:
    """It catches every fault, and has no false alarm: no peer can catch more, miss less, or be right more often."""
    ours = rows()[OURS]
    assert ours["caught"][0] == ours["caught"][1]
    assert [ours[each][0] for each in ("missed", "not judged", "false alarms", "at rest")] == [0, 0, 0, 0]
