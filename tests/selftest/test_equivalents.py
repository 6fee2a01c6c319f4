"""No false alarms: migrations that keep the contract in other words are green."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pglast
import pytest
from pglast.stream import IndentedStream, RawStream

from tests.harness.migrations import edits
from tests.harness.migrations.edits import NotEdited
from tests.selftest.judge import Ask, judging, share
from tests.selftest.mutation.subject import Subject, subjects

SUBJECTS = subjects()
# So many rewritings at most share a text: most of it is as it was.
SHARED = 8
# More texts than any test has cases: one of them meets one case of each.
ONE_OF_EACH = 10_000
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


# In an order in which later ones find what they are about in the text of the earlier ones.
REWRITINGS: dict[str, Rewriting] = {
    "START TRANSACTION and END": _in_its_other_words,
    "privileges role by role": _each_role_alone,
    "other comments": lambda text: re.sub(r"IS\s+'[^']*';", "IS 'It is what its name says.';", text),
    "comments in blocks": lambda text: re.sub(r"^-- (.*)$", r"/* \1 */", text, flags=re.MULTILINE),
    "no comments": lambda text: re.sub(r"^ *(--.*|/\*.*\*/)\n", "", text, flags=re.MULTILINE),
    "a byte more of blank everywhere": lambda text: re.sub(r"^(?=[A-Z])", " \t", text, flags=re.MULTILINE),
    "names in quotes": _in_quotes,
    "keywords in lower case": _in_lower_case,
    "printed on one line a statement": _printed(RawStream),
    "printed in another layout": _printed(IndentedStream),
    "lines end with CRLF": lambda text: text.replace("\n", "\r\n"),
}


def rewritings_of(subject: Subject) -> dict[str, Rewriting]:
    """Those of this table's migration, and those of any."""
    return {**subject.inputs.rewritings, **REWRITINGS}


@dataclass
class Text:
    """A migration in other words: the names of the rewritings that made it, and what it is without each of them."""

    text: str
    without: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, rewriting: Rewriting) -> bool:
        """Apply a rewriting more, where it finds its place; each must still make a difference then."""
        try:
            text = rewriting(self.text)
            without = {each: rewriting(other) for each, other in self.without.items()} | {name: self.text}
        except (NotEdited, pglast.parser.ParseError):
            return False
        fits = text not in without.values()
        if fits:
            self.text, self.without = text, without
        return fits


def texts_of(subject: Subject) -> list[Text]:
    """Put all rewritings into few texts: a test that is red for one of them is red for its text."""
    texts: list[Text] = []
    for name, rewriting in rewritings_of(subject).items():
        # The emptiest that takes it, so that each has about as many.
        free = sorted((text for text in texts if len(text.without) < SHARED), key=lambda text: len(text.without))
        if not any(text.add(name, rewriting) for text in free):
            texts.append(Text(subject.text))
            assert texts[-1].add(name, rewriting), f"{name}: changes nothing"
    return texts


@pytest.fixture(scope="module")
def subject(request: pytest.FixtureRequest) -> Subject:
    """A contract and the migration that makes its table."""
    return request.param


@pytest.fixture(scope="module")
def ask(subject: Subject) -> Iterator[Ask]:
    """One process for all texts of a migration."""
    with judging(subject.contract) as made:
        yield made


TEXTS = {subject.table.name: texts_of(subject) for subject in SUBJECTS}


@pytest.mark.parametrize(
    ("subject", "turn"),
    [
        pytest.param(subject, turn, id=f"{subject.table.name}: {' + '.join(text.without)}")
        for subject in SUBJECTS
        for turn, text in enumerate(TEXTS[subject.table.name])
    ],
    indirect=["subject"],
)
def test_a_migration_in_other_words_is_green(ask: Ask, subject: Subject, turn: int) -> None:
    """Each rewriting keeps every clause."""
    texts = TEXTS[subject.table.name]
    assert pglast.parse_sql(texts[turn].text)

    def red(text: str) -> list[object]:
        judgement = ask(text, turn, len(texts))
        return [each for each in (judgement.invalid, *judgement.failed, *judgement.errors) if each]

    if found := red(texts[turn].text):
        every = rewritings_of(subject)
        alone = [name for name in texts[turn].without if red(every[name](subject.text))]
        pytest.fail(f"red alone: {', '.join(alone) or 'none'}; all of them together: {found}", pytrace=False)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.table.name, indirect=True)
def test_a_broken_migration_is_red(ask: Ask, subject: Subject) -> None:
    """The judge that finds rewritings green finds the clause that falls where nothing is sent to the API."""
    broken = subject.text.replace("NOTIFY pgrst, 'reload schema'", "SELECT 1")
    judgement = ask(broken, 0, ONE_OF_EACH)
    failed = {each.test.rpartition("::")[2].partition("[")[0] for each in judgement.failed}
    assert (judgement.invalid, failed, judgement.errors) == ("", {"test_the_api_is_told_at_commit"}, [])


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.table.name, indirect=True)
def test_no_rewriting_is_lost_in_its_text(subject: Subject) -> None:
    """Each is in one text, which is another one without it."""
    every, texts = rewritings_of(subject), TEXTS[subject.table.name]
    assert sorted(name for text in texts for name in text.without) == sorted(every)
    for text in texts:
        for left_out in text.without:
            other = subject.text
            for name in text.without:
                other = other if name == left_out else every[name](other)
            assert other != text.text, left_out


def collected(name: str, parameters: int) -> list[Any]:
    """Make as much of collected tests as their dealer looks at."""
    return [SimpleNamespace(nodeid=f"x.py::{name}[{number}]") for number in range(parameters)]


@pytest.mark.parametrize("turns", [1, 2, 3, 20])
def test_texts_that_share_a_gate_meet_all_of_it(turns: int) -> None:
    """Together they meet every parameter; each meets every test, but the slow ones."""
    quick = collected("test_quick", 5)
    gate = [*quick, *collected("test_slow", 7), SimpleNamespace(nodeid="x.py::test_alone")]
    shares = [{each.nodeid for each in share(gate, ["test_slow"], turn, turns)} for turn in range(turns)]
    assert set.union(*shares) == {each.nodeid for each in gate}
    for met in shares:
        assert "x.py::test_alone" in met
        assert met & {each.nodeid for each in quick}
