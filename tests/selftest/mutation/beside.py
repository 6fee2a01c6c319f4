"""Mutants of the files beside the migration: the script that applies it, and the file that verifies it (V1 to V3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.harness.core.paths import APPLY_SCRIPT, MIGRATIONS, VERIFY_FILES
from tests.selftest.mutation.source import Edit, Mutant, Source

VERIFY = VERIFY_FILES / "public.calculator2_sessions.sql"


def _script(fault: str, old: str, new: str, shown_by: str = "") -> Edit:
    return Edit(old, new, fault, ("V3",), shown_by=shown_by)


def _says(fault: str, old: str, new: str, shown_by: str = "") -> Edit:
    return Edit(old, new, fault, ("V1",), shown_by=shown_by)


def _misses(fault: str, old: str, new: str, shown_by: str) -> Edit:
    return Edit(old, new, fault, ("V2",), shown_by=shown_by)


NOTHING = ":"
APPLIED = "test_applied_and_verified_is_success_the_second_time_too"
ANOTHER_TABLE = "test_another_table_is_no_success"
EVERY_FILE = "test_every_verify_file_is_run"
COMPARED = "WHERE e.clause IS NOT NULL OR a.clause <> 'S7'"
FROM_EXPECTED = "WHERE side = 'expected') AS e\n        "
TRIED = "WHERE p.polcmd = ANY(e.commands)"
ON_A_FRESH_CONNECTION = "test_a_policy_that_fails_on_a_fresh_connection_is_found"

SCRIPT_EDITS = (
    _script("goes on after an error", " -v ON_ERROR_STOP=1", "", "test_it_stops_at_the_first_error"),
    _script("reads the person's psqlrc", "psql -X -w", "psql -w", "test_a_persons_psqlrc_is_not_read"),
    _script("sees no error of psql", '"$@" 2>&1 </dev/null', '"$@" 2>/dev/null </dev/null', "no such database"),
    _script(
        "says success where nothing applied",
        'stop 1 "${migration##*/} did not apply',
        ': "',
        "test_it_stops_at_the_first_error",
    ),
    _script("does not verify", 'if run -f "$file"; then', "if true; then", ANOTHER_TABLE),
    _script(
        "verifies, and does not mind the answer", "[[ -z $failed ]] || stop 2", "[[ -z $failed ]] || : 2", ANOTHER_TABLE
    ),
    _script("runs the first verify file alone", '"${verify_files[@]}"; do', '"${verify_files[0]}"; do', EVERY_FILE),
    _script(
        "heeds the last verify file alone",
        "        printf '%s\\n' \"$said\"\n    else",
        "        printf '%s\\n' \"$said\"\n        failed=\n    else",
        EVERY_FILE,
    ),
    _script("does not apply", 'if ! run -o /dev/null -f "$migration"; then', "if false; then", APPLIED),
    _script(
        "applies the last file alone",
        'for migration in "$@"; do\n    if',
        'for migration in "${!#}"; do\n    if',
        "test_it_stops_at_the_first_error",
    ),
    _script(
        "keeps the answer of the verification to itself",
        "        printf '%s\\n' \"$said\"\n    else",
        "        :\n    else",
        APPLIED,
    ),
    _script(
        "applies what cannot be verified",
        "[[ -f ${verify_files[0]} ]] \\\n    || stop 64",
        "[[ -f ${verify_files[0]} ]] \\\n    || : 64",
        "test_what_cannot_be_verified_is_not_applied",
    ),
    _script(
        "says nothing where no migration is given",
        "[[ $# -gt 0 ]] || stop 64",
        "[[ $# -gt 0 ]] || exit 64",
        "no migration",
    ),
    _script(
        "does not look whether the file is there",
        "[[ -f $migration ]] || stop 64",
        "[[ -f $migration ]] || : 64",
        "no file",
    ),
    _script(
        "tries without a connection", "elif [[ -z ${PGHOST-}${PGHOSTADDR-}${PGSERVICE-} ]]; then", "elif false; then"
    ),
    _script(
        "hands the host to psql as an argument", "said=$(psql", 'said=$(psql -h "${PGHOST-}"', "never_printed[quiet]"
    ),
    _script("prints what psql says of a connection", '$(why_no_connection "$said")', "$said", "no such database"),
    _script(
        "prints a URL that it refuses",
        'stop 64 "DATABASE_URL $1. (It is not shown here.)',
        'stop 64 "$DATABASE_URL $1.',
    ),
    _script("lets bash trace it", "{ set +x; } 2>/dev/null", NOTHING, "never_printed[traced]"),
    _script("does not decode", "printf -v decoded '%b' \"${text//%/\\\\x}\"", "decoded=$text", "every hard character"),
    _script("takes a backslash for its own", "text=${text//\\\\/\\\\\\\\}", NOTHING, "characters that may stand"),
    _script("takes a NUL", " || $text == *%00* ]]", " ]]", "a NUL"),
    _script("takes any scheme", "*) bad_url 'does not begin with postgresql://' ;;", "*) ;;"),
    _script("lets PGSERVICE win over the URL", "unset PGSERVICE PGHOSTADDR", NOTHING),
    _script(
        "guesses where a password ends",
        "if [[ $rest == *@*@* || $path == *[/@]* ]]; then",
        "if false; then",
        "an @ in the password",
    ),
    _script("forgets the port", "[[ -z $number ]] || export PGPORT=$number", NOTHING, "plain"),
    _script("forgets the options", 'options=*) set_decoded PGOPTIONS "${pair#*=}" ;;', "options=*) ;;", "parameters"),
    _script(
        "passes over a parameter that it does not know",
        "*) bad_url 'has something after",
        "*) : 'has something after",
        "a ? in the password",
    ),
    _script("waits for a connection for ever", "${PGCONNECT_TIMEOUT:-15}", "${PGCONNECT_TIMEOUT:-0}"),
    _script(
        "takes a lost connection for a failed migration",
        "[[ $status -ne 2 ]] || stop 3",
        "[[ $status -ne 2 ]] || : 3",
        "no such database",
    ),
    _script(
        "calls a wrong password by another reason", "*'password authentication failed'* | ", "", "a wrong password"
    ),
)

VERIFY_EDITS = (
    *(
        _misses(
            f"nothing of {clause} is compared",
            COMPARED,
            f"{COMPARED.replace('WHERE ', 'WHERE (')}) AND coalesce(e.clause, a.clause) <> '{clause}'",
            change,
        )
        for clause, change in {
            "S1": "a rule",
            "S2": "a column added",
            "S3": "no primary key",
            "S4": "a check more",
            "S5": "no trigger",
            "S6": "row-level security off",
            "S7": "no comment on a column",
            "S8": "TRUNCATE for authenticated",
        }.items()
    ),
    *(
        _misses(f"no row is tried for {clause}", TRIED, f"{TRIED} AND t.clause <> '{clause}'", shown_by)
        for clause, shown_by in {
            "R1": ON_A_FRESH_CONNECTION,
            "R2": "rows closed",
            "R3": "rows open to all, in disguise",
            "R4": "rows open for ever",
            "R6": "the service writes nothing",
        }.items()
    ),
    _misses(
        "what is missing is not compared",
        f"{FROM_EXPECTED}FULL JOIN",
        f"{FROM_EXPECTED}RIGHT JOIN",
        "a column dropped",
    ),
    _misses(
        "what is too much is not compared",
        f"{FROM_EXPECTED}FULL JOIN",
        f"{FROM_EXPECTED}LEFT JOIN",
        "a rule",
    ),
    _misses(
        "a fault is a warning",
        "RAISE EXCEPTION E'% breaks",
        "RAISE WARNING E'% breaks",
        "a rule",
    ),
    _misses("a table that is not there is not missed", "IF the_table IS NULL THEN", "IF false THEN", "the table gone"),
    _misses(
        "a policy that fails is taken for one that is closed",
        "answer := 'error ' || SQLSTATE || ' (' || SQLERRM || ')';",
        "answer := 'closed';",
        ON_A_FRESH_CONNECTION,
    ),
    _misses(
        "a policy without its setting is tried last",
        "ORDER BY coalesce(t.headers, t.claims) IS NOT NULL",
        "ORDER BY coalesce(t.headers, t.claims) IS NULL",
        ON_A_FRESH_CONNECTION,
    ),
    _misses(
        "WITH CHECK is not looked at", "coalesce(p.polwithcheck, p.polqual)", "p.polqual", "the service writes nothing"
    ),
    _misses(
        "an invalid index passes",
        "CASE WHEN i.indisvalid AND i.indisready AND i.indislive THEN ''",
        "CASE WHEN true THEN ''",
        "an invalid index",
    ),
    _misses(
        "a constraint that is not validated passes",
        "'constraint ' || conname,\n            pg_get_constraintdef(oid)",
        "'constraint ' || conname,\n            replace(pg_get_constraintdef(oid), ' NOT VALID', '')",
        "a check not validated",
    ),
    _says("it may write", "SET LOCAL transaction_read_only = on;", ""),
    _says("it needs a superuser", "FROM pg_catalog.pg_roles", "FROM pg_catalog.pg_authid"),
    _says(
        "it writes",
        "    WITH expected (",
        "    CREATE TEMPORARY TABLE found ();\n    WITH expected (",
    ),
    _says(
        "one fault is told, and no more",
        "array_to_string(deviations, E'\\n  ')",
        "deviations[1]",
        "test_one_error_lists_every_deviation",
    ),
    _says("what was not held is counted", "count(*) FILTER (WHERE holds)", "count(*)", "test_every_check_is_counted"),
    _says("what was tried is not counted", "checks_held := checks_held + 1;", "NULL;", "test_every_check_is_counted"),
    _says("it ends without a row", ") AS verified;", ") AS verified WHERE false;"),
    _says("it ends with two rows", ") AS verified;", ") AS verified FROM generate_series(1, 2);"),
    _says("names are those of the caller", "SET LOCAL search_path = '';", ""),
    _says("intervals are printed as the caller has them", "SET LOCAL intervalstyle = 'postgres';", "", "intervalstyle"),
    _says(
        "names are quoted as the caller has them", "SET LOCAL quote_all_identifiers = off;", "", "quote_all_identifiers"
    ),
    _says(
        "one spelling of now() alone is known",
        "'CURRENT_TIMESTAMP|transaction_timestamp\\(\\)'",
        "'CURRENT_TIMESTAMP'",
        "transaction_timestamp",
    ),
    _says(
        "one spelling of a check alone is known",
        "coalesce(bool_or(a.fact = e.fact), false)",
        "coalesce(bool_and(a.fact = e.fact), false)",
        "48 hours first",
    ),
    _says("it stays in its transaction", "\nCOMMIT;", ""),
)


def mutants(_: Source) -> Iterator[Mutant]:
    """All of them. Raises BadMutant."""
    for edit in SCRIPT_EDITS:
        yield edited("SCRIPT", APPLY_SCRIPT, edit)
    for edit in VERIFY_EDITS:
        yield edited("VERIFY", VERIFY, edit)


def edited(operator: str, path: Path, edit: Edit) -> Mutant:
    """Make the edit in a file below the folder of migrations. Raises BadMutant."""
    text, line, diff = edit.made(path.name, path.read_text(encoding="utf-8"))
    file = path.relative_to(MIGRATIONS).as_posix()
    return Mutant(operator, path.name, edit.fault, edit.falls, line, text, diff, file, edit.shown_by)
