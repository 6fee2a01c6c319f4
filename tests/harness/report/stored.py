"""Reports as JSON: written by a run, and read again where several become one. Its form is in schema.json."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.harness.report.failures import BrokenClause, Failure, Place
from tests.harness.report.life import Life, Seen, Viewer
from tests.harness.report.run import ClauseResult, Lock, Mutants, Report, Run, State, Survivor

# Of the form of the file: another one is not read.
VERSION = 1
Values = Mapping[str, Any]


class BadReport(Exception):
    """A file is no report of this version; the text names it."""


def as_json(report: Report) -> str:
    """Write a report; the causes stand there too, with the tests that show each, for whoever reads no more."""
    mutants = asdict(report.mutants) if report.mutants is not None else None
    values = {"version": VERSION, "runs": [_run(run) for run in report.runs], "mutants": mutants}
    return json.dumps(values, indent=1, ensure_ascii=False) + "\n"


def _run(run: Run) -> dict[str, Any]:
    causes = [
        {
            "places": [asdict(place) for place in cause.places],
            "sentences": cause.sentences,
            "clauses": {clause.label: [each.nodeid for each in found] for clause, found in cause.clauses.items()},
        }
        for cause in run.causes
    ]
    return {**asdict(run), "causes": causes}


def read(file: Path) -> Report:
    """Read a report. Raises BadReport."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        if values["version"] != VERSION:
            raise BadReport(f"{file}: version {values['version']} of the report; this one reads {VERSION}.")
        mutants = None if values["mutants"] is None else _mutants(values["mutants"])
        return Report([_read_run(run) for run in values["runs"]], mutants)
    except OSError as fault:
        raise BadReport(f"{file}: {fault.strerror}.") from None
    except (ValueError, KeyError, TypeError) as fault:
        raise BadReport(f"{file}: not a report that --report FILE.json has written ({fault!r}).") from None


def _read_run(values: Values) -> Run:
    others = {name: value for name, value in values.items() if name != "causes"}
    return Run(
        **{
            **others,
            "failures": [_failure(each) for each in values["failures"]],
            "clauses": [ClauseResult(**{**each, "state": State(each["state"])}) for each in values["clauses"]],
            "locks": [Lock(**each) for each in values["locks"]],
            "lives": [_life(each) for each in values["lives"]],
        }
    )


def _failure(values: Values) -> Failure:
    clauses = tuple(
        BrokenClause(each["label"], each["words"], tuple(Place(**place) for place in each["places"]))
        for each in values["clauses"]
    )
    sentences = tuple((Place(**place), words) for place, words in values["sentences"])
    return Failure(**{**values, "clauses": clauses, "sentences": sentences, "told": tuple(values["told"])})


def _life(values: Values) -> Life:
    viewers = [Viewer(each["name"], [Seen(**seen) for seen in each["seen"]]) for each in values["viewers"]]
    return Life(**{**values, "viewers": viewers})


def _mutants(values: Values) -> Mutants:
    return Mutants(**{**values, "survivors": [Survivor(**each) for each in values["survivors"]]})
