"""Rows, tokens, headers and forms: valid by construction, and near misses drawn on purpose."""

import itertools
import json
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.contract.calculator2_sessions.model import MODEL, TOKEN_LENGTH
from tests.contract.calculator2_sessions.support import cases
from tests.harness.core.timestamps import HOUR, INFINITY, MINUS_INFINITY, SECOND, Offset, Timestamp
from tests.harness.requests.rows import RowStrategies
from tests.harness.requests.values import CHARACTERS, DRAWN

ODD = cases("odd_values")


def stretched(piece: str) -> str:
    """Repeat a text until it has a token's length."""
    return (piece * TOKEN_LENGTH)[:TOKEN_LENGTH]


LOOKALIKES: dict[str, list[str]] = {name: [*map(stretched, pair)] for name, pair in ODD["lookalikes"].items()}

# Times on either side of each rule, as offsets and as the ends of PostgreSQL's range.
NEAR = tuple(map(Offset, (-72 * HOUR, -48 * HOUR, -SECOND, -1, 0, 1, SECOND, 48 * HOUR, 72 * HOUR)))
FIRST, LAST = Timestamp(-211_813_488_000_000_000), Timestamp(9_223_371_331_199_999_999)
TIMES = (None, *NEAR, MINUS_INFINITY, FIRST, FIRST.plus(1), LAST, INFINITY)
STATUSES = ("pending", "completed", "failed", "paid", "refunded", "Completed", "completed ", "")

ROWS = RowStrategies(
    MODEL,
    values={
        **dict.fromkeys(("created_at", "last_active_at", "expires_at"), TIMES),
        "payment_status": (None, *STATUSES),
    },
)


# Building a strategy costs more than drawing from it, so each is built once: hence the caches.


@cache
def tokens() -> SearchStrategy[str]:
    """Tokens that the contract accepts."""
    return st.one_of(
        st.sampled_from([*map(stretched, ODD["odd_pieces"]), *itertools.chain(*LOOKALIKES.values())]),
        st.text(CHARACTERS, min_size=1, max_size=4).map(stretched),
        st.integers(0, 2**128 - 1).map("{:032x}".format),
    )


@cache
def forms() -> SearchStrategy[object]:
    """Forms as the browser saves them: small JSON values, null among them (chapter C7 has the rest)."""
    return st.one_of(st.none(), DRAWN["jsonb"])


@cache
def rows(token: str | None = None) -> SearchStrategy[dict[str, Any]]:
    """Rows that the contract accepts, of that token or of any; what they leave out takes its default."""
    own = tokens() if token is None else st.just(token)
    return st.tuples(ROWS.rows(), own).map(lambda pair: {**pair[0], "session_token": pair[1]})


@cache
def contents() -> SearchStrategy[dict[str, Any]]:
    """Values of some of the columns that no rule binds to another one: never none."""
    free = ("form_state", "pricing_tier", "amount_paid", "payment_status", "report_token")
    return ROWS.some_of(free).filter(bool)


@cache
def changes() -> SearchStrategy[dict[str, Any]]:
    """Updates of one or more columns, times and token among them, kept or refused as the row they meet decides."""
    every = st.one_of(rows(), *map(ROWS.near_misses, ROWS.rules))
    # Each bit stands for a column.
    return st.tuples(every, st.integers(1, 2**10 - 1)).map(
        lambda pair: {n: value for i, (n, value) in enumerate(sorted(pair[0].items())) if pair[1] >> i & 1} or pair[0]
    )


@cache
def json_texts() -> SearchStrategy[str]:
    """JSON in every spelling: escapes, exponents, blanks, duplicate keys, nesting."""
    texts = st.text(CHARACTERS, max_size=6).map(lambda text: json.dumps(text, ensure_ascii=False))
    strings = st.one_of(st.sampled_from(ODD["strings"]), texts)
    decimals = st.decimals(allow_nan=False, allow_infinity=False)
    numbers = st.one_of(st.sampled_from(ODD["numbers"]), st.integers().map(str), decimals.map(str))
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
