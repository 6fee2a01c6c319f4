"""Mutants of triggers and of functions."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.selftest.mutation.inputs import TRIED
from tests.selftest.mutation.subject import Subject
from tests.selftest.mutation.trees import Trial, append, expression, put, statement, strings

BEFORE, AFTER = 2, 0
EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16}


def of_function(subject: Subject, tree: Any) -> Iterator[Trial]:
    """Make a function with other options."""
    definer = any(each.defname == "security" and each.arg.boolval for each in tree.options)
    other = "INVOKER" if definer else "DEFINER"
    yield "SECURITY", other, _with("security", f"SECURITY {other}")
    if any(each.defname == "set" for each in tree.options):
        yield "SEARCH-PATH", "dropped", _with("set", "")
    for path in ("public", "pg_catalog", "pg_temp"):
        yield "SEARCH-PATH", path, _with("set", f"SET search_path = {path}")
    yield "SETTING", "timezone", append("options", _option("SET timezone = 'UTC'"))
    yield "VOLATILITY", "STABLE", _with("volatility", "STABLE")


def of_trigger(subject: Subject, tree: Any) -> Iterator[Trial]:
    """Let a trigger fire at other times, or never."""
    yield "DROPPED", "dropped", None
    yield "RENAMED", "renamed", put(trigname="trg_other")
    before = tree.timing == BEFORE
    yield "TIMING", "AFTER" if before else "BEFORE", put(timing=AFTER if before else BEFORE)
    yield "ROW", "FOR EACH STATEMENT" if tree.row else "FOR EACH ROW", put(row=not tree.row)
    for words in TRIED["trigger"]["events"]:
        if (events := sum(EVENTS[each] for each in words.split(" OR "))) != tree.events:
            yield "EVENT", words, put(events=events)
    for condition in subject.inputs.trigger_conditions:
        yield "WHEN", condition, put(whenClause=expression(condition))
    for columns in subject.inputs.trigger_columns:
        yield "OF", columns, put(columns=strings(*columns.split(", ")))


def _with(name: str, text: str) -> Callable[[Any], None]:
    """Put an option in the place of those of its name, or behind the others; an empty text takes them out."""

    def edit(tree: Any) -> None:
        others = [each for each in tree.options if each.defname != name]
        tree.options = (*others, *([_option(text)] if text else []))

    return edit


def _option(text: str) -> Any:
    return statement(f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql {text} AS ''").options[1]
