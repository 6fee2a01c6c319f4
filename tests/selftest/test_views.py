"""What the harness sees of a database: each view notices what it is for, and nothing else."""

from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.catalog import snapshots, structure
from tests.harness.catalog.called_functions import settings_used
from tests.harness.catalog.snapshots import LONGEST, WIDEST, View, difference
from tests.harness.core.roles import SUPERUSER
from tests.harness.core.timestamps import INFINITY, MINUS_INFINITY, Timestamp
from tests.harness.plugins.databases import AroundCreation, OpenSession
from tests.harness.server.session import Session
from tests.scaffold.read_table import read_table
from tests.selftest.cases import SAMPLES, cases

T = "public.calculator2_sessions"
VIEWS: dict[str, View] = {"catalog": snapshots.catalog, "identities": snapshots.identities, "rows": snapshots.rows}


@cases("views/seen")
def test_each_view_notices_what_it_is_for(superuser_session: Session, change: str, seen: list[str]) -> None:
    """Definitions, files and row versions are three views, so that a failure says which of them has changed."""
    connection = superuser_session.connection
    # The trigger would write the row again.
    connection.execute(f"TRUNCATE {T}; ALTER TABLE {T} DISABLE TRIGGER ALL".encode())
    connection.execute(f"INSERT INTO {T} (session_token) VALUES (repeat('x', 32))".encode())
    before = {name: view(connection) for name, view in VIEWS.items()}
    connection.execute(change.encode())
    assert [name for name, view in VIEWS.items() if view(connection) != before[name]] == seen


def test_a_view_leaves_the_session_as_it_was(superuser_session: Session) -> None:
    """Looking changes no setting, and ends no transaction."""
    changed = "SET LOCAL search_path = public; SET LOCAL timezone = 'Asia/Tokyo'; CREATE TABLE public.mine ()"
    superuser_session.connection.execute(changed)
    for view in VIEWS.values():
        view(superuser_session.connection)
    settings = superuser_session.run("SELECT current_setting('search_path'), current_setting('timezone')")
    assert settings.rows == (("public", "Asia/Tokyo"),)
    assert superuser_session.run("SELECT to_regclass('public.mine') IS NOT NULL").rows == ((True,),)


def test_a_difference_is_what_was_lost_and_what_came() -> None:
    """Nothing of what is the same; empty, if all is; a function's body line by line."""
    assert difference(["a", "b"], ["a", "b"]) == ""
    assert difference(["a", "b"], ["a", "c"]) == "    -b\n    +c"
    assert difference(["f: BEGIN\nold\nEND"], ["f: BEGIN\nnew\nEND"]) == "    -old\n    +new"


def test_a_long_difference_is_cut_and_says_so() -> None:
    """What is left out is counted, and a wide line ends in dots."""
    told = difference([], [f"line {number}" for number in range(LONGEST + 5)]).splitlines()
    assert (len(told), told[-1]) == (LONGEST + 1, "    … and 5 lines more")
    (wide,) = difference([], ["word " * WIDEST]).splitlines()
    assert wide.endswith("[...]")
    assert len(wide) <= WIDEST + len("    +")


def test_a_moment_is_shown_by_its_distance() -> None:
    """Two that differ are shown to differ."""
    shown = [repr(each) for each in (Timestamp(5), Timestamp(5).plus(-1), INFINITY, MINUS_INFINITY)]
    assert shown == ["2000-01-01 + 5 µs", "2000-01-01 + 4 µs", "infinity", "-infinity"]


def test_the_catalog_is_read_as_it_is(superuser_session: Session, snapshot: SnapshotAssertion) -> None:
    """Columns, indexes, triggers and policies of every odd shape; what was dropped, or is another table's, is not."""
    superuser_session.connection.execute((SAMPLES / "views/odd.sql").read_bytes())
    odd = read_table(superuser_session, "public.odd")
    read = (*odd.columns, *odd.indexes, *odd.triggers, *odd.policies)
    assert "\n".join(map(repr, read)) == snapshot


def test_every_object_has_its_identity(superuser_session: Session) -> None:
    """What is made is named, by kind; and nothing else is named then."""
    before = structure.identities(superuser_session)
    made_apart = "CREATE SCHEMA apart; CREATE DOMAIN apart.d AS int; CREATE TABLE apart.t (a int PRIMARY KEY)"
    superuser_session.connection.execute(made_apart)
    made = structure.identities(superuser_session) - before
    assert {"schema apart", "type apart.d", "table apart.t", "index apart.t_pkey"} <= made
    assert all("apart" in name for name in made), made


def test_what_the_file_makes_beside_the_table_is_named(
    around_creation: AroundCreation, open_session: OpenSession
) -> None:
    """A function is the table's own that a trigger of it executes; statistics, though they go with it, are not."""
    before, after = (open_session(each, SUPERUSER) for each in around_creation(TABLE))
    structure.check_nothing_left_behind(before, after, TABLE)
    after.run(b"CREATE STATISTICS public.made ON session_token, report_token FROM public.calculator2_sessions")
    with pytest.raises(AssertionError, match=r"unexpected: function public\.update_\w+\(\)\n.*: statistics .*made"):
        structure.check_nothing_left_behind(before, after, replace(TABLE, triggers=()))


@cases("views/settings")
def test_a_function_that_uses_settings_is_told_from_one_that_speaks_of_them(body: str, words: list[str]) -> None:
    """Comments, names and texts that only look like it are not found."""
    assert settings_used(body) == words
