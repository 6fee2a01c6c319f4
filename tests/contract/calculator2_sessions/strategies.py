"""Rows, tokens, headers and forms: valid by construction, and near misses drawn on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.contract.calculator2_sessions.model import NOT_NULL, TOKEN_LENGTH
from tests.harness.core.timestamps import HOUR, INFINITY, MINUS_INFINITY, SECOND, Offset, Timestamp

# All that a PostgreSQL text can hold: no NUL, and no half of a surrogate pair.
CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
ACUTE = "\N{COMBINING ACUTE ACCENT}"

# Pairs that a careless comparison takes for one another; C2 says that they are different.
LOOKALIKES = {
    "case": ("a" * 32, "A" * 32),
    "case beyond ASCII": ("é" * 32, "É" * 32),
    "sharp s": ("ß" * 32, "ẞ" * 32),
    "accent": ("e" * 32, "é" * 32),
    "normalisation form": ("\N{ANGSTROM SIGN}" * 32, "\N{LATIN CAPITAL LETTER A WITH RING ABOVE}" * 32),
    "order of composition": (("e" + ACUTE + "é") * 10 + "xx", ("é" + "e" + ACUTE) * 10 + "xx"),
    "compatibility form": ("ﬁ" + "x" * 31, "fi" + "x" * 30),
    "full width": ("1" * 32, "\N{FULLWIDTH DIGIT ONE}" * 32),
    "trailing blank": ("x" * 31 + " ", "x" * 31 + "\N{NO-BREAK SPACE}"),
    "leading blank": (" " + "x" * 31, "\t" + "x" * 31),
    "invisible character": ("x" * 31 + "\N{ZERO WIDTH SPACE}", "x" * 31 + "\N{ZERO WIDTH JOINER}"),
    "order of characters": ("ab" * 16, "ba" * 16),
    "pattern": ("%" * 32, "_" * 32),
}

# Tokens of the right length that look as if something could go wrong with them.
ODD_TOKENS = (
    " " * 32,
    "\N{GRINNING FACE}" * 32,
    "\U0010ffff" * 32,
    "é" * 32,
    "e" + ACUTE * 31,
    "\n" * 32,
    "%" * 32,
    "_" * 32,
    "\\" * 32,
    "'" * 32,
    "' OR '1'='1' --".ljust(32, "x"),
    "{}".center(32),
    "null".ljust(32),
    *(token for pair in LOOKALIKES.values() for token in pair),
)

# Lengths on either side of the rule, in characters and in bytes.
WRONG_TOKENS = (
    "",
    "x",
    "x" * 31,
    "x" * 33,
    "x" * 64,
    "x" * 4096,
    "é" * 16,
    "é" * 31,
    "é" * 33,
    "\N{GRINNING FACE}" * 8,
    "\N{GRINNING FACE}" * 31,
    "\N{GRINNING FACE}" * 33,
    ("e" + ACUTE) * 32,
    " " * 31,
    " " * 33,
    "x" * 32 + " ",
    " " + "x" * 32,
    "x" * 32 + "\N{ZERO WIDTH SPACE}",
)


def stretched(piece: str) -> str:
    """Repeat a text until it has a token's length."""
    return (piece * TOKEN_LENGTH)[:TOKEN_LENGTH]


@cache
def tokens() -> SearchStrategy[str]:
    """Tokens that the contract accepts."""
    return st.one_of(
        st.sampled_from(ODD_TOKENS),
        st.text(CHARACTERS, min_size=1, max_size=4).map(stretched),
        st.integers(0, 2**128 - 1).map("{:032x}".format),
    )


@cache
def wrong_tokens() -> SearchStrategy[str]:
    """Tokens whose length is wrong."""
    return st.one_of(
        st.sampled_from(WRONG_TOKENS),
        st.text(CHARACTERS, max_size=64).filter(lambda token: len(token) != TOKEN_LENGTH),
    )


# Building a strategy costs more than drawing from it, so each is built once: hence the caches.

# Times that a row may have on either side of each rule, as offsets and as the ends of PostgreSQL's range.
NEAR = (-72 * HOUR, -48 * HOUR, -SECOND, -1, 0, 1, SECOND, 48 * HOUR, 72 * HOUR)
FIRST, LAST = Timestamp(-211_813_488_000_000_000), Timestamp(9_223_371_331_199_999_999)


@cache
def spans() -> SearchStrategy[tuple[Any, Any, Any]]:
    """Times of creation, last activity and expiry that keep both rules, often by a microsecond."""
    near = st.tuples(
        st.sampled_from(NEAR), st.sampled_from((0, 1, SECOND, HOUR)), st.sampled_from((1, 2, SECOND, 48 * HOUR))
    ).map(lambda span: (Offset(span[0]), Offset(span[0] + span[1]), Offset(span[0] + span[2])))
    far = st.sampled_from(
        [
            (MINUS_INFINITY, MINUS_INFINITY, INFINITY),
            (MINUS_INFINITY, Offset(0), FIRST),
            (FIRST, FIRST, FIRST.plus(1)),
            (Offset(-1), INFINITY, INFINITY),
            (LAST.plus(-1), LAST, LAST),
            (LAST, INFINITY, INFINITY),
        ]
    )
    return st.one_of(near, far)


AMOUNTS = ("0", "-0.01", "0.005", "-0.005", "1.005", "19.99", "99999999.99", "-99999999.99", "99999999.994", "1E-30")
TOO_BIG = ("100000000", "99999999.995", "-99999999.995", "-100000000", "1E+8", "1E+20")
STATUSES = ("pending", "completed", "failed", "paid", "refunded", "Completed", "completed ", "")


@cache
def _texts() -> SearchStrategy[str]:
    return st.text(CHARACTERS, max_size=8)


@cache
def forms() -> SearchStrategy[object]:
    """Forms as the browser saves them: small JSON values, null among them (chapter C7 has the rest)."""
    leaves = st.one_of(st.none(), st.booleans(), st.integers(-(10**6), 10**6), _texts())
    return st.one_of(leaves, st.lists(leaves, max_size=3), st.dictionaries(_texts(), leaves, max_size=3))


@cache
def contents() -> SearchStrategy[dict[str, Any]]:
    """Some of the columns that no rule binds to another one."""
    return st.fixed_dictionaries(
        {},
        optional={
            "form_state": st.one_of(st.none(), forms()),
            "pricing_tier": st.one_of(st.none(), _texts()),
            "amount_paid": st.one_of(st.none(), st.sampled_from(AMOUNTS).map(Decimal)),
            "payment_status": st.sampled_from(STATUSES),
            "report_token": st.one_of(st.none(), tokens()),
        },
    )


def _merged(parts: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    return {name: value for part in parts for name, value in part.items()}


def _of_token(token: str) -> dict[str, Any]:
    return {"session_token": token}


@cache
def rows(token: str | None = None) -> SearchStrategy[dict[str, Any]]:
    """Rows that the contract accepts, of that token or of any; what they leave out takes its default."""
    own = (tokens() if token is None else st.just(token)).map(_of_token)
    times = spans().map(lambda span: dict(zip(("created_at", "last_active_at", "expires_at"), span, strict=True)))
    return st.tuples(own, contents(), st.one_of(st.just({}), times)).map(_merged)


def _breakages(rule: str, created: int) -> SearchStrategy[dict[str, Any]]:
    """Values that break that one rule of a valid row that was created at that offset."""
    return {
        "token length": wrong_tokens().map(_of_token),
        "expiry after creation": st.sampled_from([{"expires_at": Offset(created - early)} for early in (0, 1, SECOND)]),
        "activity after creation": st.sampled_from(
            [{"last_active_at": Offset(created - early)} for early in (1, SECOND)]
        ),
        "not null": st.sampled_from([{name: None} for name in NOT_NULL]),
        "amount": st.sampled_from([{"amount_paid": Decimal(amount)} for amount in TOO_BIG]),
        "identity": st.sampled_from([{"id": number} for number in (-1, 0, 1, 2**63 - 1)]),
    }[rule]


@cache
def near_misses(rule: str) -> SearchStrategy[dict[str, Any]]:
    """Rows that the contract refuses, for breaking that one rule."""
    return st.one_of(
        [
            st.tuples(
                tokens().map(_of_token),
                contents(),
                st.just(
                    {
                        "created_at": Offset(created),
                        "last_active_at": Offset(created),
                        "expires_at": Offset(created + 1),
                    }
                ),
                _breakages(rule, created),
            ).map(_merged)
            for created in NEAR
        ]
    )


@cache
def changes() -> SearchStrategy[dict[str, Any]]:
    """Updates of one or more columns, times and token among them, kept or refused as the row they meet decides."""
    times = st.one_of(st.none(), st.sampled_from(NEAR).map(Offset), st.sampled_from((INFINITY, MINUS_INFINITY)))
    token = st.one_of(tokens(), wrong_tokens())
    bound = st.fixed_dictionaries(
        {}, optional={"session_token": token, "created_at": times, "last_active_at": times, "expires_at": times}
    )
    return st.tuples(contents(), bound).map(lambda pair: {**pair[0], **pair[1]}).filter(bool)


# What JSON allows and a form could hold: C7 asks for every one of them back, to the digit and the character.
NUMBERS = (
    "0", "-0", "-1", "0.1", "1.10", "1e2", "1E-2", "123456789012345678901234567890", "9007199254740993",
    "0.1000000000000000055511151231257827", "1e308", "1e-308", "2.5e400", "-1e-400", "1e1000", "1e-1000",
)  # fmt: skip
STRINGS = (
    '""', '" "', '"\\u0001"', '"\\b\\f\\n\\r\\t"', '"\\\\\\"\\/"', '"\\\\u0000"', '"\\u00e9"', '"é"', '"e\\u0301"',
    '"\\ud83d\\ude00"', '"😀"', '"\\uffff"', '"\\u2028"', '"</script>"', '"%s"',
)  # fmt: skip


@cache
def json_texts() -> SearchStrategy[str]:
    """JSON in every spelling: escapes, exponents, blanks, duplicate keys, nesting."""
    strings = st.one_of(st.sampled_from(STRINGS), st.text(CHARACTERS, max_size=6).map(_escaped))
    numbers = st.one_of(
        st.sampled_from(NUMBERS), st.integers().map(str), st.decimals(allow_nan=False, allow_infinity=False).map(str)
    )
    leaves = st.one_of(numbers, strings, st.sampled_from(("null", "true", "false")))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4).map(lambda items: "[ " + " ,\n".join(items) + "]"),
            st.lists(st.tuples(strings, inner), max_size=4).map(
                lambda pairs: "{" + ", ".join(f"{key} : {value}" for key, value in pairs) + "\t}"
            ),
        ),
        max_leaves=8,
    )


def _escaped(text: str) -> str:
    return (
        '"'
        + "".join(
            f"\\u{ord(each):04x}" if ord(each) < 32 else {'"': '\\"', "\\": "\\\\"}.get(each, each) for each in text
        )
        + '"'
    )
