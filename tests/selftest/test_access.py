"""Access as it is measured: the rows that are made, the words for what was reached, and the record of it."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.access.support import explained, record
from tests.access.support.claims import claims as claims_of
from tests.access.support.comparisons import constants
from tests.access.support.expressions import Expression
from tests.access.support.measure import measure
from tests.access.support.record import BadRecord, as_lines
from tests.harness.core.roles import MIGRATOR
from tests.harness.plugins.databases import Clone
from tests.harness.supabase import templates
from tests.selftest.cases import SAMPLES, cases

ROWS = SAMPLES / "access" / "rows"
NO_DEFAULTS = b"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM anon, authenticated, service_role;"
OLD = {"table public.t": {("anon", "select"): "no row"}}


@cases("access/measured", default_privileges="explicit")
def test_access_is_measured_as_it_is(
    clone: Clone, sql: str, default_privileges: str, lines: str, empty: list[str]
) -> None:
    """What each role can do is told in the words of the record; a table without rows is named."""
    database = clone(templates.unmigrated(default_privileges))
    with closing(database.connect(MIGRATOR)) as connection:
        connection.execute(NO_DEFAULTS + sql.encode())
    with measure(database, ["public"], {"public.t": {"x-key": "key"}} if "x-key" in lines else {}, ROWS) as measured:
        found = as_lines(measured.access.lines)
        assert [*explained.faults(measured, [])] == []
        assert list(measured.access.empty) == empty, measured.access.empty
    tables = {name: each for name, each in found.items() if not name.startswith("sequence")}
    text = record.written(tables, tables)
    assert text.removeprefix(record.HEAD).strip() == lines.strip()


@cases("access/expressions", compared={}, claims=[], of_columns=[])
def test_what_is_compared_is_found(
    text: str, compared: dict[str, list[object]], claims: list[str], of_columns: list[str]
) -> None:
    """Of columns, literals, numbers and lengths; of claims, values and columns."""
    expressions = [Expression("policy", "public.t", text)]
    found, named = constants(expressions), claims_of(expressions)
    names = [*dict.fromkeys([*found.values, *found.numbers, *found.lengths])]
    every = (found.values, found.numbers, found.lengths)
    assert {name: [value for each in every for value in each.get(name, ())] for name in names} == compared
    assert [str(each) for each in named.values] == claims
    assert [f"{'.'.join(each.path)} {each.column}" for each in named.columns] == of_columns


def test_the_record_is_read_as_it_is_written(tmp_path: Path) -> None:
    """What the old default privileges give besides is a part of it."""
    granting = {
        "table public.t": {("anon", "select"): "all rows", ("anon", "truncate"): "all rows"},
        "view public.v": {},
    }
    explicit = {**OLD, "view public.v": {("anon with x-key", "select"): "some own rows, nobody's rows (a, b)"}}
    file = tmp_path / "access.txt"
    file.write_text(record.written(explicit, granting), encoding="utf-8")
    assert record.read(file, "explicit") == explicit
    assert record.read(file, "granting") == granting


def test_a_line_that_is_none_of_the_record_is_an_error(tmp_path: Path) -> None:
    """It is named, with the command that writes the record anew."""
    (tmp_path / "access.txt").write_text("table public.t\n  anon may read\n", encoding="utf-8")
    with pytest.raises(BadRecord, match=r"access\.txt:2: not a line of the record\. Write it anew: tox -e access"):
        record.read(tmp_path / "access.txt", "explicit")


@cases("access/sentences", before="", now="")
def test_a_change_is_told_in_a_sentence(command: str, before: str, now: str, roles: list[str], sentence: str) -> None:
    """What could be done before, and what now; where either is refused, that."""
    change = record.Change("table public.t", roles[0], command, before or None, now or None)
    assert change.told(roles) == sentence
