"""This suite on the same databases: access as it is measured, and the rules for exposed objects."""

import time
from collections.abc import Collection, Sequence

from tests.access.support import explained, record
from tests.access.support.measure import measure
from tests.access.support.record import Lines
from tests.harness.catalog.places import is_found
from tests.harness.catalog.rules import Finding
from tests.harness.migrations.files import Migration
from tests.harness.server.database import Database
from tests.peers.said import Kind, Said, Statement
from tests.selftest.project.planted import HEADERS, broken
from tests.selftest.project.pull_requests import PROJECT

SCHEMAS = ("public",)


def said(
    database: Database, platform: Collection[Finding], migrations: Sequence[Migration], before: Lines | None
) -> tuple[Said, Lines]:
    """Return what it says of a database, and the record; `before` is the record without the last file.

    `platform` is what breaks a rule before any migration. What breaks a rule fails the gate. So does a change of the
    record, until it is written anew; but as a record is made to be written anew, it is counted as a change.
    """
    start = time.monotonic()
    found = {
        Statement(Kind.ALARM, f"{each.clause} {each.object} {each.what}")
        for each in broken(database)
        if each not in platform and is_found(each, migrations)
    }
    # No table of the project needs a file of rows.
    with measure(database, SCHEMAS, HEADERS, PROJECT / "rows") as measured:
        lines = record.as_lines(measured.access.lines)
        found |= {Statement(Kind.ALARM, words) for words in explained.faults(measured, migrations)}
        for each in record.changes(before, lines) if before is not None else ():
            found.add(Statement(Kind.REPORT, f"A1 {each}"))
        for name in before.keys() ^ lines.keys() if before is not None else ():
            found.add(Statement(Kind.REPORT, f"A1 {name}"))
    return Said(found, time.monotonic() - start), lines
