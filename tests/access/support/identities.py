"""Who asks: the identities whose access is measured, each as a request of PostgREST's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.access.support.claims import Claims, ColumnOfClaim
from tests.access.support.world import World, email, user_id
from tests.harness.core.roles import ANON, AUTHENTICATED, SERVICE_ROLE, UNGRANTED
from tests.harness.requests.request import SERVICE_REQUEST, Request

USERS_WHO_ASK = ("A", "B", "member")
# Of the name of who is held to row-level security, though its role is not.
HELD = "without BYPASSRLS"


@dataclass(frozen=True)
class Identity:
    """Who asks: the name in the record, whose rows are its own (None: nobody's), and the request.

    Where it is `held`, its role has not the attribute BYPASSRLS. With a claim, it asks for some objects alone.
    """

    name: str
    owner: str | None
    request: Request
    is_held: bool = False
    asked_of: frozenset[str] | None = None


def identities(world: World, headers: Mapping[str, Mapping[str, str]], claims: Claims) -> list[Identity]:
    """List them; `headers` are those of the holders that contracts add: by table, each header's column.

    Users have the claims that columns are compared with, by their rows, and there are users without each of them; for
    each value of another claim there are users who have it.
    """
    every = {owner: _claims(owner, world, claims.columns) for owner in USERS_WHO_ASK}
    signed_in = [Identity(AUTHENTICATED, owner, _signed_in(given)) for owner, given in every.items()]
    signed_in += [
        Identity(f"{AUTHENTICATED} with {claim}", owner, _signed_in(with_claim), asked_of=claim.asked_of)
        for claim in claims.values
        for owner, given in every.items()
        if (with_claim := _put(given, claim.path, claim.value)) != given
    ]
    signed_in += [
        Identity(f"{AUTHENTICATED} without {'.'.join(path)}", owner, _signed_in(_put(given, path, None)), asked_of=of)
        for path, of in claims.asked_of.items()
        for owner, given in every.items()
    ]
    holders = [each for table, columns in headers.items() for each in _holders(table, columns, world)]
    return [
        Identity(ANON, None, Request(ANON, method="POST")),
        *signed_in,
        *holders,
        Identity(SERVICE_ROLE, None, SERVICE_REQUEST),
        Identity(f"{SERVICE_ROLE} {HELD}", None, SERVICE_REQUEST, is_held=True),
        Identity(UNGRANTED, None, Request(UNGRANTED, method="POST")),
    ]


def _signed_in(claims: Mapping[str, object]) -> Request:
    return Request(AUTHENTICATED, claims=claims, method="POST")


def _claims(owner: str, world: World, columns: Sequence[ColumnOfClaim]) -> dict[str, object]:
    """Return the claims of a user's access token as Supabase makes it, and those that name its tenant."""
    found: dict[str, object] = {
        "sub": user_id(owner),
        "aud": AUTHENTICATED,
        "email": email(owner),
        "phone": "",
        "aal": "aal1",
        "is_anonymous": False,
        "app_metadata": {"provider": "email"},
        "user_metadata": {},
    }
    # Where the member has no rows by itself, A's are those of its tenant.
    others = "A" if owner == "member" else owner
    rows = {name: (world.of(name, owner) or world.of(name, others))[:1] for name in world.rows}
    for each in reversed(columns):
        given = [row.values.get(each.column) for name in rows for row in rows[name] if each.is_of(name, each.column)]
        value = next(filter(None, given), None)
        found = _put(found, each.path, [value] if each.is_listed and value else value)
    return found


def _put(claims: Mapping[str, object], path: Sequence[str], value: object) -> dict[str, object]:
    """Return claims with one more, which may lie within others; None leaves it out."""
    name, *rest = path
    inner = claims.get(name)
    given = _put(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value
    return {key: each for key, each in {**claims, name: given}.items() if each is not None}


def _holders(table: str, columns: Mapping[str, str], world: World) -> Sequence[Identity]:
    """Return those who send what one row of each owner holds, to be told as one."""
    name = f"{ANON} with {', '.join(columns)}"
    found = []
    for owner in ("A", "B"):
        for row in world.of(table, owner):
            headers = {header: row.values[column] for header, column in columns.items()}
            found.append(Identity(name, f"{table} {row.place}", Request(ANON, headers=headers, method="POST")))
    return found
