"""A run takes the platform from the cache only where it is whole, this account's own, and made of the same."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.harness.catalog import snapshots
from tests.harness.catalog.snapshots import Lines
from tests.harness.core.roles import MIGRATOR, SUPERUSER
from tests.harness.server import data_cache
from tests.harness.server.binaries import installation
from tests.harness.server.lifecycle import RunningServer
from tests.harness.supabase import platform, templates
from tests.harness.supabase.templates import DEFAULT_PRIVILEGES
from tests.selftest.runs import RunFolder, run_folder

BINDIR = installation.find(None)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the one entry that a run has made."""
    folder = tmp_path_factory.mktemp("built")
    with run_folder() as here, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(here.folder))
        patch.setenv("XDG_CACHE_HOME", str(folder))
        assert not is_from_cache()
    return folder / platform.CACHE


@pytest.fixture
def cache(here: RunFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An empty cache; the servers themselves leave nothing."""
    monkeypatch.setenv("TMPDIR", str(here.folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    yield tmp_path / platform.CACHE
    assert here.left() == []


@contextmanager
def serving() -> Iterator[RunningServer]:
    """Start a server with the platform."""
    running = platform.start(BINDIR)
    try:
        yield running
    finally:
        running.stop()


def catalogs(running: RunningServer) -> list[Lines]:
    """Read what each of the two projects holds, by a role that has a password."""
    found = []
    for default_privileges in DEFAULT_PRIVILEGES:
        with closing(running.server.connect(MIGRATOR, templates.unmigrated(default_privileges))) as connection:
            assert connection.execute("SELECT current_user::text").fetchone() == (MIGRATOR,)
        with closing(running.server.connect(SUPERUSER, templates.unmigrated(default_privileges))) as connection:
            found.append(snapshots.catalog(connection))
    return found


def is_from_cache() -> bool:
    """Start a server, and say whether its data was there."""
    with serving() as running:
        return running.is_from_cache


def test_the_platform_of_the_cache_is_the_one_that_was_built(cache: Path) -> None:
    """The second run starts with what the first has built; and it holds, killed outright too, the same."""
    with serving() as built, serving() as copied:
        assert (built.is_from_cache, copied.is_from_cache) == (False, True)
        assert catalogs(copied) == catalogs(built)
        copied.crash()
        assert catalogs(copied) == catalogs(built)
    assert len([*cache.iterdir()]) == 1


def test_runs_that_meet_make_one_entry(cache: Path) -> None:
    """Several that begin with an empty cache at once all start, and one of them is kept."""
    with ThreadPoolExecutor(3) as pool:
        assert True not in [each.result() for each in [pool.submit(is_from_cache) for _ in range(3)]]
    assert len([*cache.iterdir()]) == 1
    assert is_from_cache()


def _cut(entry: Path) -> None:
    os.truncate(entry / data_cache.ARCHIVE, 1_000_000)


def _alter(entry: Path) -> None:
    archive = entry / data_cache.ARCHIVE
    archive.write_bytes(archive.read_bytes().replace(b"supabase", b"superbas", 1))


def _empty(entry: Path) -> None:
    (entry / data_cache.ABOUT).write_text("", encoding="utf-8")


def _half(entry: Path) -> None:
    (entry / data_cache.ARCHIVE).unlink()


@pytest.mark.parametrize("damage", [_cut, _alter, _empty, _half])
def test_what_is_damaged_is_made_anew(cache: Path, built: Path, damage: Callable[[Path], None]) -> None:
    """A file that is cut, altered, empty or gone is not used, and the run after has a whole one again."""
    (entry,) = shutil.copytree(built, cache).iterdir()
    damage(entry)
    assert [is_from_cache(), is_from_cache()] == [False, True]


def test_other_sql_is_another_platform(
    cache: Path, built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever changes a script of the platform meets the change at once."""
    shutil.copytree(built, cache)
    assert is_from_cache()
    changed = tmp_path / "sql"
    changed.mkdir()
    for file in templates.FOLDER.iterdir():
        (changed / file.name).write_bytes(file.read_bytes())
    (changed / "granting.sql").write_bytes(
        (changed / "granting.sql").read_bytes() + b"CREATE TABLE public.another ();\n"
    )
    monkeypatch.setattr(templates, "FOLDER", changed)
    with serving() as running:
        assert not running.is_from_cache
        assert [line for line in catalogs(running)[0] if line.startswith("table public.another ")]


def test_a_cache_that_cannot_be_written_is_done_without(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The run starts all the same, and the next one too."""
    (tmp_path / "no folder").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no folder"))
    assert [is_from_cache(), is_from_cache()] == [False, False]


def test_few_entries_are_kept(cache: Path) -> None:
    """The entry that was not used for the longest time goes first."""
    cache.mkdir()
    for number in range(data_cache.MOST_ENTRIES + 2):
        (cache / str(number)).mkdir()
        os.utime(cache / str(number), (number, number))
    assert not is_from_cache()
    kept = {each.name for each in cache.iterdir()}
    assert len(kept) == data_cache.MOST_ENTRIES
    assert not {"0", "1", "2"} & kept
