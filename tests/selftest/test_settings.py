"""The settings of a folder of migrations: what may be said in gate.toml, and what is refused in which words."""

from pathlib import Path

import pytest

from tests.harness.migrations.settings import BadSettings, Settings, read_settings
from tests.selftest.cases import cases


@cases("settings/refused")
def test_a_setting_that_cannot_be_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """The sentence names the file and the key, and says what to write."""
    (tmp_path / "gate.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings) as refusal:
        read_settings(tmp_path)
    assert says in str(refusal.value)


def test_without_settings_nothing_is_asked_for(tmp_path: Path) -> None:
    """The rules that hold always are all, and the API offers public."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    assert read_settings(folder) == Settings(folder / "gate.toml")
    assert not read_settings(folder).asks_for("I2")


def test_what_the_supabase_cli_is_told_counts_where_the_folder_says_nothing(tmp_path: Path) -> None:
    """The schemas of the API, and PostgreSQL's version, are those of config.toml; gate.toml comes first."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (tmp_path / "config.toml").write_text('[api]\nschemas = ["public", "app"]\n[db]\nmajor_version = 17\n')
    (folder / "gate.toml").write_text('exposed_schemas = ["app"]\nasked_for = ["I2"]\n')
    read = read_settings(folder)
    assert (read.exposed_schemas, read.oldest_postgresql, read.asks_for("I2")) == (["app"], 17, True)
