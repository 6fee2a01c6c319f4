"""No false alarms: migrations that keep the contract in other words are green."""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pglast
import pytest
from pglast.stream import IndentedStream, RawStream

from tests.harness.migrations import edits
from tests.selftest.judge import Ask, judging, share
from tests.selftest.mutation.subject import Subject, subjects

SUBJECTS = subjects()
Rewriting = Callable[[str], str]


def _in_lower_case(text: str) -> str:
    for token in pglast.parser.scan(text):
        if token.kind.endswith("_KEYWORD") and token.kind != "NO_KEYWORD":
            text = text[: token.start] + text[token.start : token.end + 1].lower() + text[token.end + 1 :]
    return text


def _in_quotes(text: str) -> str:
    for token in reversed(pglast.parser.scan(text)):
        if token.name == "IDENT" and (word := text[token.start : token.end + 1])[0] != '"':
            text = f'{text[: token.start]}"{word.lower()}"{text[token.end + 1 :]}'
    return text


def _printed(stream: Callable[..., RawStream]) -> Rewriting:
    return lambda text: "".join(f"{stream()(each.tree)};\n" for each in edits.parse(text))


def _in_its_other_words(text: str) -> str:
    return text.replace("\nBEGIN;\n", "\nSTART TRANSACTION;\n").replace("\nCOMMIT;\n", "\nEND;\n")


def _each_role_alone(text: str) -> str:
    def apart(found: re.Match[str]) -> str:
        return "".join(f"{found[1]}{role.strip()};\n" for role in found[2].split(","))

    return re.sub(r"^((?:GRANT|REVOKE)[^;]*?\s(?:TO|FROM) )([^;]*);\n", apart, text, flags=re.MULTILINE)


REWRITINGS: dict[str, Rewriting] = {
    "keywords in lower case": _in_lower_case,
    "no comments": lambda text: re.sub(r"^ *--.*\n", "", text, flags=re.MULTILINE),
    "comments in blocks": lambda text: re.sub(r"^-- (.*)$", r"/* \1 */", text, flags=re.MULTILINE),
    "lines end with CRLF": lambda text: text.replace("\n", "\r\n"),
    "a byte more of blank everywhere": lambda text: re.sub(r"^(?=[A-Z])", " \t", text, flags=re.MULTILINE),
    "names in quotes": _in_quotes,
    "printed on one line a statement": _printed(RawStream),
    "printed in another layout": _printed(IndentedStream),
    "START TRANSACTION and END": _in_its_other_words,
    "privileges role by role": _each_role_alone,
    "other comments": lambda text: re.sub(r"IS\s+'[^']*';", "IS 'It is what its name says.';", text),
}


def rewritings_of(subject: Subject) -> dict[str, Rewriting]:
    """Those of any migration, and those of this table's."""
    return {**REWRITINGS, **subject.inputs.rewritings}


@pytest.fixture(scope="module")
def subject(request: pytest.FixtureRequest) -> Subject:
    """A contract and the migration that makes its table."""
    return request.param


@pytest.fixture(scope="module")
def ask(subject: Subject) -> Iterator[Ask]:
    """One process for all texts of a migration."""
    with judging(subject.contract) as made:
        yield made


@pytest.mark.parametrize(
    ("subject", "turn", "name"),
    [
        pytest.param(subject, turn, name, id=f"{subject.table.name}: {name}")
        for subject in SUBJECTS
        for turn, name in enumerate(rewritings_of(subject))
    ],
    indirect=["subject"],
)
def test_a_migration_in_other_words_is_green(ask: Ask, subject: Subject, turn: int, name: str) -> None:
    """Each rewriting keeps every clause, under both default privileges."""
    every = rewritings_of(subject)
    rewritten = every[name](subject.text)
    assert rewritten != subject.text
    assert pglast.parse_sql(rewritten)
    judgement = ask(rewritten, turn, len(every))
    assert (judgement.invalid, judgement.failed, judgement.errors) == ("", [], [])


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.table.name, indirect=True)
def test_a_broken_migration_is_red(ask: Ask, subject: Subject) -> None:
    """The judge that finds rewritings green finds the clause that falls where nothing is sent to the API."""
    broken = subject.text.replace("NOTIFY pgrst, 'reload schema'", "SELECT 1")
    judgement = ask(broken, 0, len(rewritings_of(subject)))
    failed = {each.test.rpartition("::")[2].partition("[")[0] for each in judgement.failed}
    assert (judgement.invalid, failed, judgement.errors) == ("", {"test_the_api_is_told_at_commit"}, [])


def collected(name: str, default_privileges: tuple[str | None, ...], parameters: int) -> list[Any]:
    """Make as much of collected tests as their dealer looks at."""
    specs = [SimpleNamespace(params={"default_privileges": each}) for each in default_privileges]
    return [
        SimpleNamespace(nodeid=f"x.py::{name}[{number}-{spec}]", callspec=spec)
        for spec in specs
        for number in range(parameters)
    ]


@pytest.mark.parametrize("turns", [1, 2, 3, 20])
def test_texts_that_share_a_gate_meet_all_of_it(turns: int) -> None:
    """Together they meet every parameter; each meets every test under both default privileges, but the slow ones."""
    both = ("granting", "explicit")
    quick = collected("test_quick", both, 5)
    gate = [*quick, *collected("test_slow", (None,), 7), SimpleNamespace(nodeid="x.py::test_alone")]
    shares = [{each.nodeid for each in share(gate, ["test_slow"], turn, turns)} for turn in range(turns)]
    assert set.union(*shares) == {each.nodeid for each in gate}
    for met in shares:
        assert "x.py::test_alone" in met
        assert {each.callspec.params["default_privileges"] for each in quick if each.nodeid in met} == {*both}
