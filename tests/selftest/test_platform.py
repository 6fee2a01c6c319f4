"""The platform: what postgres may do and may not before any migration, and the stand-ins for extensions."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from psycopg import errors

from tests.harness.core.paths import STAND_INS
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.server.connection import Connection
from tests.harness.server.extensions import Extensions
from tests.harness.supabase.databases import DatabaseFactory
from tests.harness.supabase.stand_ins import stand_ins_met
from tests.selftest.cases import cases


@pytest.fixture
def migrator(databases: DatabaseFactory) -> Iterator[Connection]:
    """A session of postgres, in a project before any migration."""
    with databases.project("explicit", 0) as database, closing(database.connect(MIGRATOR)) as connection:
        yield connection


@cases("platform/may")
def test_what_the_platform_allows_is_done(migrator: Connection, statements: str) -> None:
    """What real projects do to what is not their own."""
    migrator.execute(statements.encode())


@cases("platform/may_not")
def test_what_the_platform_refuses_is_refused(migrator: Connection, statement: str, words: str) -> None:
    """With the SQLSTATE of the platform."""
    with pytest.raises(errors.InsufficientPrivilege, match=words):
        migrator.execute(statement.encode())


@cases("platform/values")
def test_what_the_platform_computes_is_right(migrator: Connection, expression: str) -> None:
    """By published vectors."""
    assert migrator.execute(f"SELECT {expression}".encode()).fetchone() == (True,)


@cases("platform/hollow")
def test_a_stand_in_says_what_it_cannot_do(migrator: Connection, statement: str, words: str) -> None:
    """And what to do."""
    with pytest.raises(errors.FeatureNotSupported, match=re.escape(words)) as refusal:
        migrator.execute(statement.encode())
    assert "--pg=BINDIR" in str(refusal.value)


def test_each_stand_in_can_be_created(migrator: Connection) -> None:
    """By who is no superuser; those that the server has not are told afterwards, without those of the platform."""
    names = sorted(file.stem for file in STAND_INS.glob("*.control"))
    for name in names:
        migrator.execute(f'CREATE EXTENSION IF NOT EXISTS "{name}" CASCADE'.encode())
    met = stand_ins_met(migrator)
    assert {"http", "pg_cron", "postgis"} <= set(met) < set(names)
    assert not {"pgcrypto", "supabase_vault"} & set(met)


@cases("platform/scripts")
def test_a_stand_in_works_where_the_server_has_the_extension(
    databases: DatabaseFactory, name: str, statements: str, expression: str
) -> None:
    """Other servers have it not: its script is run as CREATE EXTENSION would run it."""
    with databases.project("explicit", 0) as database, closing(database.connect(SUPERUSER)) as superuser:
        superuser.execute("SET search_path = extensions, pg_temp")
        superuser.execute((STAND_INS / f"{name}--stand-in.sql").read_bytes())
        superuser.execute(statements.encode())
        assert superuser.execute(f"SELECT {expression}".encode()).fetchone() == (True,)


@pytest.mark.parametrize(
    ("bindir", "share"),
    [("pg/bin", "pg/share"), ("pg/bin", "pg/share/postgresql"), ("lib/postgresql/15/bin", "share/postgresql/15")],
    ids=["wheel", "npm", "Debian"],
)
def test_a_real_extension_is_preferred(tmp_path: Path, bindir: str, share: str) -> None:
    """The tree is the installation, with what it has not; what is on the list need be no superuser's."""
    usr, extensions = tmp_path / "usr", tmp_path / "usr" / share / "extension"
    for folder in (usr / bindir, extensions, usr / bindir / "../lib"):
        folder.mkdir(parents=True, exist_ok=True)
    (usr / bindir / "postgres").write_text("program", encoding="ascii")
    (usr / share / "postgres.bki").touch()
    for name in ("http", "dblink", "moddatetime"):
        (extensions / f"{name}.control").write_text("default_version = '9'", encoding="ascii")
    tree = Extensions(STAND_INS, ("moddatetime",)).beside(usr / bindir, tmp_path / "tree")
    assert (tree / "postgres").read_text(encoding="ascii") == "program"
    assert not (tree / "postgres").is_symlink()
    assert (tree / "../lib").is_dir()
    made = tmp_path / "tree" / (usr / share / "extension").relative_to("/")
    assert "'9'" in (made / "http.control").read_text(encoding="ascii")
    assert not (made / "http--stand-in.sql").exists()
    assert (made / "pgmq--stand-in.sql").is_file()
    assert [name for name in ("dblink", "moddatetime") if "trusted" in (made / f"{name}.control").read_text()] == [
        "moddatetime"
    ]


def test_an_installation_in_another_order_is_used_as_it_is(tmp_path: Path) -> None:
    """Without stand-ins."""
    (tmp_path / "postgres").touch()
    assert Extensions(STAND_INS, ()).beside(tmp_path, tmp_path / "tree") == tmp_path


def test_postgrest_is_told_of_ddl(migrator: Connection) -> None:
    """By event triggers, of what it can serve: not of temporary tables, nor of the services' schemas."""
    migrator.execute("LISTEN pgrst")
    for statement in ("CREATE TABLE public.t (id int)", "CREATE TEMPORARY TABLE u (id int)", "DROP TABLE public.t"):
        migrator.execute(statement.encode())
    assert [each.payload for each in migrator.notifies(timeout=0)] == ["reload schema"] * 2
