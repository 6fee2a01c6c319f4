"""Migrations that keep the contract in other words: the gate must be green on each, or people would switch it off."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pglast
from pglast.stream import IndentedStream, RawStream

from tests.selftest.mutation.source import Source

Rewrite = Callable[[str], str]
TRIGGER = "trg_calculator2_sessions_last_active"
TABLE = "public.calculator2_sessions"
FUNCTION = "public.update_calculator2_sessions_last_active()"
NOW = "pg_catalog.now()"
LENGTH = "CONSTRAINT session_token_length CHECK (char_length(session_token) = 32),"


class NotRewritten(Exception):
    """A rewriting whose text does not stand in the file as often as it must."""


@dataclass(frozen=True)
class Edits:
    """Each of these texts stands in the file so many times, and is replaced."""

    edits: tuple[tuple[str, str, int], ...]

    def __call__(self, text: str) -> str:
        """Replace them. Raises NotRewritten."""
        for old, new, number in self.edits:
            if text.count(old) != number:
                raise NotRewritten(f"{old!r} stands {text.count(old)} times in the migration, and not {number}.")
            text = text.replace(old, new)
        return text


def _once(*edits: tuple[str, str]) -> Edits:
    return Edits(tuple((old, new, 1) for old, new in edits))


def _statement(text: str, begin: str) -> str:
    """The whole statement that begins so."""
    end = r"^\$function\$;\n" if "FUNCTION" in begin else r";\n"
    found = re.findall(rf"^{re.escape(begin)}.*?{end}", text, re.MULTILINE | re.DOTALL)
    if len(found) != 1:
        raise NotRewritten(f"{begin!r} begins {len(found)} statements.")
    return str(found[0])


def _moved(begin: str, before: str) -> Rewrite:
    def move(text: str) -> str:
        moving, target = _statement(text, begin), _statement(text, before)
        return text.replace(moving, "").replace(target, moving + target)

    return move


def _guarded(drop: str, create: str, condition: str) -> Rewrite:
    def guard(text: str) -> str:
        dropping, creating = _statement(text, drop), _statement(text, create)
        block = f"DO $guard$\nBEGIN\nIF NOT EXISTS ({condition}) THEN\n{creating}END IF;\nEND;\n$guard$;\n"
        return text.replace(dropping, "").replace(creating, block)

    return guard


def _in_lower_case(text: str) -> str:
    tokens = [
        token for token in pglast.parser.scan(text) if token.kind.endswith("_KEYWORD") and token.kind != "NO_KEYWORD"
    ]
    for token in tokens:
        text = text[: token.start] + text[token.start : token.end + 1].lower() + text[token.end + 1 :]
    return text


def _printed(stream: Callable[..., RawStream]) -> Rewrite:
    return lambda text: "".join(f"{stream()(part.tree)};\n" for part in Source(text).parts)


def _each_role_alone(text: str) -> str:
    def apart(found: re.Match[str]) -> str:
        return "".join(f"{found[1]}{role.strip()};\n" for role in found[2].split(","))

    return re.sub(r"^((?:GRANT|REVOKE)[^;]*?\s(?:TO|FROM) )([^;]*);\n", apart, text, flags=re.MULTILINE)


SPELLINGS: dict[str, Rewrite] = {
    "keywords in lower case": _in_lower_case,
    "no comments": lambda text: re.sub(r"^ *--.*\n", "", text, flags=re.MULTILINE),
    "comments in blocks": lambda text: re.sub(r"^-- (.*)$", r"/* \1 */", text, flags=re.MULTILINE),
    "lines end with CRLF": lambda text: text.replace("\n", "\r\n"),
    "a byte more of blank everywhere": lambda text: re.sub(r"^(?=[A-Z])", " \t", text, flags=re.MULTILINE),
    "printed on one line a statement": _printed(RawStream),
    "printed in another layout": _printed(IndentedStream),
    "other dollar tags": Edits((("$function$", "$$", 2), ("$check$", "$a_check$", 2))),
    "START TRANSACTION and END": _once(("\nBEGIN;\n", "\nSTART TRANSACTION;\n"), ("\nCOMMIT;", "\nEND;")),
    "types by other names": _once(
        ("id bigint GENERATED", "id int8 GENERATED"),
        ("numeric(10, 2)", "decimal(10, 2)"),
        ("created_at timestamptz", "created_at timestamp with time zone"),
    ),
    "names in quotes": lambda text: (
        re.sub(
            r"\bpublic\.calculator2_sessions(?= |\()", '"public"."calculator2_sessions"', text.split("DO $check$")[0]
        )
        + "DO $check$"
        + text.split("DO $check$")[1]
    ),
    "the key beside its column": _once(
        ("GENERATED ALWAYS AS IDENTITY,", "GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"),
        ("    CONSTRAINT calculator2_sessions_pkey PRIMARY KEY (id),\n", ""),
    ),
    "a check beside its column": _once(
        ("session_token text NOT NULL,", f"session_token text NOT NULL {LENGTH}"), (f"    {LENGTH}\n", "")
    ),
    "defaults of an index said aloud": _once(
        ("(session_token);", "USING btree (session_token ASC NULLS LAST);"),
        ("(last_active_at DESC);", "USING btree (last_active_at DESC NULLS FIRST);"),
        ("WHERE payment_status <> 'completed';", "WHERE (payment_status != 'completed'::text);"),
    ),
    "the policies' defaults said aloud": _once(
        (f"ON {TABLE}\nFOR SELECT", f"ON {TABLE} AS PERMISSIVE\nFOR SELECT"), ("FOR ALL\n", "AS PERMISSIVE\n")
    ),
    "the search_path TO": _once(("SECURITY INVOKER\nSET search_path = ''", "SET search_path TO '' VOLATILE")),
    "privileges role by role": _each_role_alone,
    "privileges one by one": _once(
        (
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE {TABLE} TO service_role;",
            "".join(f"GRANT {each} ON {TABLE} TO service_role;\n" for each in ("DELETE", "UPDATE", "SELECT", "INSERT")),
        )
    ),
    "other comments": lambda text: re.sub(r"IS\s+'[^']*';", "IS 'It is what its name says.';", text),
    "another advisory lock": _once(("'public.calculator2_sessions', 0)", "'migration 014', 14)")),
}

ORDERS: dict[str, Rewrite] = {
    "row-level security after the policies": _moved(
        f"ALTER TABLE {TABLE} ENABLE", "CREATE UNIQUE INDEX IF NOT EXISTS idx_calculator2_sessions_token"
    ),
    "privileges of readers last": _moved("GRANT SELECT ON TABLE", "COMMENT ON TABLE"),
    "an index before the table's privileges": _moved(
        "CREATE INDEX IF NOT EXISTS idx_calculator2_sessions_last", "REVOKE ALL ON TABLE"
    ),
    "the function first": _moved("CREATE OR REPLACE FUNCTION", "CREATE TABLE"),
    "the other policy first": _moved("CREATE POLICY service_role", "DROP POLICY IF EXISTS read"),
}
# That policy is dropped after it is made, so its own DROP comes along.
ORDERS["the other policy first"] = lambda text: _moved(
    "DROP POLICY IF EXISTS service_role", "CREATE POLICY service_role"
)(_moved("CREATE POLICY service_role", "DROP POLICY IF EXISTS read")(text))

# Where the catalogue prints what was written, the closing check expects what is written now.
WORDINGS: dict[str, Rewrite] = {
    "CURRENT_TIMESTAMP": Edits(
        (
            ("DEFAULT now()", "DEFAULT CURRENT_TIMESTAMP", 5),
            ("DEFAULT (now() +", "DEFAULT (CURRENT_TIMESTAMP +", 1),
            ("> now()", "> CURRENT_TIMESTAMP", 1),
        )
    ),
    "transaction_timestamp()": Edits(
        (
            ("DEFAULT now()", "DEFAULT transaction_timestamp()", 5),
            ("DEFAULT (now() +", "DEFAULT (transaction_timestamp() +", 1),
            (NOW, "pg_catalog.transaction_timestamp()", 1),
        )
    ),
    "the trigger reads the clock": _once((NOW, "pg_catalog.clock_timestamp()")),
    "the trigger reads the statement's time": _once((NOW, "pg_catalog.statement_timestamp()")),
    "the trigger's now() as it is found": _once((NOW, "now()")),
    "the trigger in steps": _once(
        (
            f"NEW.last_active_at := GREATEST({NOW}, OLD.last_active_at, NEW.created_at);",
            f"""NEW.last_active_at := {NOW};
    IF OLD.last_active_at > NEW.last_active_at THEN
        NEW.last_active_at := OLD.last_active_at;
    END IF;
    NEW.last_active_at := GREATEST(NEW.last_active_at, NEW.created_at);""",
        )
    ),
    "48 hours, said otherwise": _once(
        ("interval '48 hours'", "make_interval(hours => 48)"), ("''48:00:00''::interval", "make_interval(hours => 48)")
    ),
    "48 hours, in minutes": _once(("interval '48 hours'", "'2880 minutes'::interval")),
    "length()": Edits((("char_length(session_token)", "length(session_token)", 2),)),
    "checks turned round": Edits(
        (
            ("(expires_at > created_at)", "(created_at < expires_at)", 2),
            ("(char_length(session_token) = 32)", "(32 = char_length(session_token))", 2),
        )
    ),
    "conditions turned round": _once(
        ("USING (\n    session_token = (", "USING (\n    expires_at > now() AND session_token = ("),
        ("    AND expires_at > now()\n)", ")"),
    ),
    "jsonb for json": _once(("'')::json ->>", "'')::jsonb ->>")),
    "a path into the header": _once(("::json ->> 'x-session-token'", "::json #>> '{x-session-token}'")),
    "no WITH CHECK": _once(("USING (true)\nWITH CHECK (true);", "USING (true);")),
}

GUARDS: dict[str, Rewrite] = {
    "a schema that is there already": _once(
        ("\nCREATE TABLE IF", "\nCREATE SCHEMA IF NOT EXISTS extensions;\nCREATE TABLE IF")
    ),
    "a policy in a guarded block": _guarded(
        "DROP POLICY IF EXISTS read_calculator2_sessions",
        "CREATE POLICY read_calculator2_sessions",
        f"SELECT FROM pg_catalog.pg_policy WHERE polrelid = '{TABLE}'::regclass"
        " AND polname = 'read_calculator2_sessions'",
    ),
    "the trigger in a guarded block": _guarded(
        f"DROP TRIGGER IF EXISTS {TRIGGER}",
        f"CREATE TRIGGER {TRIGGER}",
        f"SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = '{TABLE}'::regclass AND tgname = '{TRIGGER}'",
    ),
    "a check added in a guarded block": _once(
        (
            ",\n    CONSTRAINT last_active_after_creation CHECK (last_active_at >= created_at)\n);",
            f"""
);
DO $guard$
BEGIN
IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint
               WHERE conrelid = '{TABLE}'::regclass AND conname = 'last_active_after_creation') THEN
    ALTER TABLE {TABLE} ADD CONSTRAINT last_active_after_creation CHECK (last_active_at >= created_at);
END IF;
END;
$guard$;""",
        )
    ),
}

REWRITINGS = {**SPELLINGS, **ORDERS, **WORDINGS, **GUARDS}
