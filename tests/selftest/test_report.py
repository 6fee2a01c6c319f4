"""Reports: what each format must have for those who read it, and that nothing a migration says is taken for markup."""

import json
import os
import re
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from syrupy.assertion import SnapshotAssertion

from tests.contract.calculator2_sessions.life import lives
from tests.contract.calculator2_sessions.model import SessionModel
from tests.contract.calculator2_sessions.table import TABLE
from tests.harness.core.paths import ROOT
from tests.harness.core.timestamps import Timestamp
from tests.harness.plugins import report as plugin
from tests.harness.report import files, merge, pages, sarif, stored
from tests.harness.report.files import FORMATS, BadFile
from tests.harness.report.pages import MOST_BYTES
from tests.harness.report.run import Report
from tests.selftest.reports import A1, CONTROLS, FILE, HOSTILE, POLICY, R3, SENTENCE, green, mutants, red, several

SCHEMA = json.loads((ROOT / "tests/harness/report/schema.json").read_text(encoding="utf-8"))
# Markdown's own marks are behind a backslash, or in a block of code.
CODE_BLOCK = re.compile(r"^(`{3,})\w*\n.*?^\1$", re.MULTILINE | re.DOTALL)


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text += data


def test_a_step_s_summary(snapshot: SnapshotAssertion) -> None:
    """What a reviewer reads on GitHub of a red run, and of several runs with mutants."""
    assert pages.as_markdown(Report([red()])) == snapshot
    assert pages.as_markdown(several()) == snapshot


def test_nothing_that_a_migration_says_is_markup() -> None:
    """Each word of it is there to be read, and makes no element, no attribute, no address."""
    plain, odd = Page(pages.as_html(several())), Page(pages.as_html(several(HOSTILE)))
    assert [tag for tag, _ in odd.elements if tag != "br"] == [tag for tag, _ in plain.elements if tag != "br"]
    attributes = [(name, value or "") for _, found in odd.elements for name, value in found.items()]
    assert {value for name, value in attributes if name in ("src", "href", "action", "srcset")} == {"data:,"}
    assert [name for name, _ in attributes if name.startswith("on") or name == "style"] == []
    for line in HOSTILE.splitlines()[:-1]:
        assert line in odd.text
    assert r"\u202eesrever\u202c \x07\x1b[31m" in odd.text


def test_nothing_that_a_migration_says_is_markdown() -> None:
    """Outside blocks of code, which it cannot end, its marks are spelt out."""
    text = re.sub(r"\\.", "", CODE_BLOCK.sub("", pages.as_markdown(several(HOSTILE))))
    for marks in ("<script", "<img", "```", "~~~", "](", "@everyone", "| a |", "<!--"):
        assert marks not in text, text
    assert "\n::error" not in pages.as_markdown(several(HOSTILE))
    unfolded = re.findall(r"^</?details>", text, re.MULTILINE)
    assert unfolded == ["<details>", "</details>"] * (len(unfolded) // 2)


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_no_character_hides_another(ending: str) -> None:
    """Characters that turn or overwrite what is shown are spelt out."""
    assert [each for each in CONTROLS if each in FORMATS[ending](several(HOSTILE))] == []


def test_the_page_is_one_file_that_fetches_nothing() -> None:
    """Its policy forbids it, too."""
    text = pages.as_html(several())
    found = [(tag, attributes) for tag, attributes in Page(text).elements if tag in ("script", "link", "img", "iframe")]
    assert found == [("link", {"rel": "icon", "href": "data:,"})]
    assert "default-src 'none'" in text
    assert not re.search(r"url\(|@import", text)


@pytest.mark.parametrize("report", [Report([red(HOSTILE)]), several(HOSTILE), Report([], mutants())])
def test_the_json_is_what_its_schema_says(report: Report) -> None:
    """And what is read from it is what was written."""
    values = json.loads(stored.as_json(report))
    jsonschema.validate(values, SCHEMA)
    assert values["version"] == stored.VERSION


def test_the_schema_names_every_value() -> None:
    """What is renamed, left out or added without it is an error: a reader relies on it."""
    values = json.loads(stored.as_json(several()))
    for path in (["runs", 0, "verdict"], ["runs", 1, "failures", 0, "told"], ["mutants", "killed"], ["version"]):
        *before, name = path
        changed = json.loads(json.dumps(values))
        inner: Any = changed
        for each in before:
            inner = inner[each]
        inner["another"] = inner.pop(name)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed, SCHEMA)


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    """So that several become one without loss."""
    files.write(several(HOSTILE), tmp_path / "r.json")
    again = stored.read(tmp_path / "r.json")
    assert pages.as_html(again) == pages.as_html(several(HOSTILE))
    assert stored.as_json(again) == (tmp_path / "r.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", ["{}", "[]", "no JSON", '{"version": 2}', '{"version": 1, "runs": [{}], "mutants": null}']
)
def test_what_is_no_report_is_told(tmp_path: Path, text: str) -> None:
    """In a sentence that names the file."""
    (tmp_path / "r.json").write_text(text, encoding="utf-8")
    with pytest.raises(stored.BadReport, match=r"r\.json: "):
        stored.read(tmp_path / "r.json")


def test_sarif_has_what_forges_ask_for() -> None:
    """A rule for each clause; a result for each cause, at a line of a file, with a fingerprint that no line moves."""
    log = json.loads(sarif.as_sarif(Report([red(HOSTILE)])))
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert (log["version"], rules.count("calculator2_sessions R3")) == ("2.1.0", 1)
    assert len(run["results"]) == len(red(HOSTILE).causes)
    for result in run["results"]:
        assert (rules[result["ruleIndex"]], result["level"]) == (result["ruleId"], "error")
        assert result["message"]["text"]
        for location in result["locations"]:
            where = location["physicalLocation"]
            assert where["region"]["startLine"] > 0
            assert re.fullmatch(r"migrations/[\w%./~-]+", where["artifactLocation"]["uri"])


def test_a_cause_keeps_its_mark_where_its_line_moves() -> None:
    """So that a forge knows a finding again, when something was written above it."""
    marks = []
    for line in (53, 60):
        broken = [replace(clause, places=(replace(POLICY, line=line),)) for clause in (R3, A1)]
        run = replace(red(), failures=[replace(each, clauses=tuple(broken), sentences=()) for each in red().failures])
        marks += [
            each["partialFingerprints"] for each in json.loads(sarif.as_sarif(Report([run])))["runs"][0]["results"]
        ]
    assert marks[0] == marks[1]


def test_gitlab_has_what_it_asks_for() -> None:
    """Each issue has its words, its rule, a fingerprint of its own, a severity that GitLab knows, and its place."""
    issues = json.loads(sarif.as_code_quality(Report([red()])))
    assert {each["severity"] for each in issues} <= {"info", "minor", "major", "critical", "blocker"}
    assert len({each["fingerprint"] for each in issues}) == len(issues) == len(red().causes)
    first = issues[0]
    assert (first["check_name"], first["location"]) == ("A1", {"path": FILE, "lines": {"begin": 53}})
    assert SENTENCE in first["description"]


def test_what_is_too_long_for_github_is_cut_where_it_ends_well() -> None:
    """GitHub refuses a summary of more than 1 MiB; blocks and parts that unfold are closed, and it says so."""
    long = pages.as_markdown(Report([replace(red(), access=["table public.t"] * 200_000)]))
    assert MOST_BYTES - 1000 < len(long.encode()) <= MOST_BYTES + 100
    assert len(re.findall(r"^`{3}", long, re.MULTILINE)) % 2 == 0
    assert long.count("\n<details>") == long.count("\n</details>")
    assert "the report is longer than GitHub shows" in long[-300:]


@pytest.mark.parametrize(
    ("name", "words"),
    [("r.txt", "must be one of"), ("r", "must be one of"), ("no/r.md", "Make it first"), ("d.md", "is a folder")],
)
def test_a_file_that_cannot_be_written_is_refused_at_once(tmp_path: Path, name: str, words: str) -> None:
    """In one sentence, which names it."""
    (tmp_path / "d.md").mkdir()
    with pytest.raises(BadFile, match=rf".+{words}"):
        files.check(tmp_path / name)


@pytest.mark.parametrize("ending", FORMATS)
def test_each_ending_has_its_format(tmp_path: Path, ending: str) -> None:
    """GitLab's own file name is one, and is not taken for any other JSON; who may read it, is as for any file."""
    file = tmp_path / (ending if ending[0] != "." else f"r{ending}")
    files.check(file)
    files.write(Report([red()]), file)
    assert file.read_text(encoding="utf-8") == FORMATS[ending](Report([red()]))
    umask = os.umask(0)
    os.umask(umask)
    assert file.stat().st_mode & 0o777 == 0o666 & ~umask
    assert [*tmp_path.iterdir()] == [file]


def test_a_report_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong while it is written leaves the file as it was, and nothing beside it."""
    file = tmp_path / "r.md"
    file.write_text("as it was", encoding="ascii")

    def broken(_: Report) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(files.FORMATS, ".md", broken)
    with pytest.raises(BadFile, match="No space left"):
        files.write(Report([red()]), file)
    assert (file.read_text(encoding="ascii"), [*tmp_path.iterdir()]) == ("as it was", [file])


def test_several_reports_become_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By their versions, with what became of the mutants; the status is that of the worst."""
    names = [str(tmp_path / f"{name}.json") for name in ("13", "18", "1 of 2", "2 of 2")]
    parts = [Report([green("13.23")]), Report([red()]), Report([], mutants()), Report([], mutants())]
    for name, report in zip(names, parts, strict=True):
        files.write(report, Path(name))
    assert merge.main([str(tmp_path / "all.html"), *names]) == 0
    page = Page((tmp_path / "all.html").read_text(encoding="utf-8"))
    assert "824 of 826 mutants" in page.text
    marks = [attributes.get("aria-label") for _, attributes in page.elements if attributes.get("role") == "img"]
    assert {"held", "broken"} <= {*marks}
    assert merge.main([str(tmp_path / "all.html"), str(tmp_path / "none.json")]) == 4
    assert merge.main([str(tmp_path / "all.txt"), *names]) == 4
    assert re.search(r"none\.json: No such file.*\n.*all\.txt: its ending", capsys.readouterr().err)


def test_the_runs_are_told_apart_by_what_differs() -> None:
    """By the version of PostgreSQL, where it does; else by what does, or a number."""
    assert several().names == ["PostgreSQL 13.23", "PostgreSQL 18.6", "PostgreSQL 17.10"]
    assert several().columns == ("PostgreSQL", ["13.23", "18.6", "17.10"])
    by_python = replace(green("18.6"), environment={**green("18.6").environment, "Python": "3.14.1"})
    assert Report([green("18.6"), by_python]).names == ["Python 3.11.2", "Python 3.14.1"]
    assert Report([green("18.6"), green("18.6")]).names == ["run 1", "run 2"]


def test_a_session_s_life_is_what_the_model_says() -> None:
    """Who sees it when, and what the clean-up does."""
    unpaid, paid = ({viewer.name: [each.words for each in viewer.seen] for viewer in life.viewers} for life in lives())
    assert unpaid["anon, with its token"] == ["sees it", "sees it", "sees nothing", "sees nothing"]
    assert unpaid["anon, without it"] == ["sees nothing"] * 4
    assert unpaid["service_role"] == ["sees it", "sees it", "sees it", "sees nothing"]
    assert unpaid["the clean-up"] == ["leaves it", "leaves it", "removes it", "it is gone"]
    assert paid["service_role"] == ["sees it"] * 4
    assert unpaid["another role"] == paid["another role"] == ["refused"] * 4


class Forgetful(SessionModel):
    """A model in which sessions never expire for their holder."""

    def seen_by(self, role: str, token: object, now: Timestamp) -> Any:
        """See what there is."""
        return super().seen_by(role, token, Timestamp(0))


def test_another_model_has_another_picture() -> None:
    """It is drawn from the model, and from nothing else."""
    (unpaid, _) = lives(Forgetful(TABLE))
    assert [each.words for each in unpaid.viewers[0].seen][:3] == ["sees it"] * 3


def test_what_a_run_needs_is_installed_with_the_gate() -> None:
    """Reports are written wherever the gate runs."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    assert any(str(each).startswith("jinja2==") for each in groups["gate"])


def test_a_picture_that_cannot_be_drawn_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    """It keeps no report from being written."""
    (tmp_path / "life.py").write_text("1 / 0\n", encoding="ascii")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(plugin, "contracts_judged", lambda _: [SimpleNamespace(folder=tmp_path)])
    reporter = plugin.Reporter(pytestconfig)
    assert reporter._lives() == []
    assert "no picture could be drawn" in reporter.errors[0]


def test_no_option_s_value_is_shown_that_nobody_may_read(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what was given, a report names what chose the tests; not the address of a live database."""
    given = SimpleNamespace(args=("--database-url=postgresql://me:secret@db/x", "-k", "some"), dir=ROOT)
    monkeypatch.setattr(pytestconfig, "invocation_params", given)
    monkeypatch.setattr(pytestconfig.option, "keyword", "some")
    told = dict(plugin.Reporter(pytestconfig)._environment())
    assert told["a selection"].startswith("-k some")
    assert "secret" not in "".join(told.values())
