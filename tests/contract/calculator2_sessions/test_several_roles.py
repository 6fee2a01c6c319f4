"""Several roles and tokens at once, in any order, and what each of them sees after every step."""

import itertools
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.contract.calculator2_sessions import strategies
from tests.contract.calculator2_sessions.model import SessionChecker, with_token
from tests.contract.calculator2_sessions.scenario import writes
from tests.harness.core.outcomes import Refused
from tests.harness.core.roles import BROWSER_ROLES
from tests.harness.plugins.databases import under_both_default_privileges
from tests.harness.plugins.hypothesis import Counting
from tests.harness.requests.request import SERVICE_REQUEST
from tests.harness.requests.statements import BoundStatement
from tests.harness.server.session import Session

# Few, so that steps meet: a pair that only case tells apart, a pattern that matches them, a stranger's.
TOKENS = ("a" * 32, "A" * 32, "_" * 32, "é" * 32)
tokens = st.sampled_from(TOKENS)
rows = st.one_of([strategies.rows(token) for token in TOKENS])
writers = st.sampled_from([*BROWSER_ROLES, "somebody_else"])
every_write = st.sampled_from([write for token in TOKENS for write in writes(token).values()])


class SeveralRoles(RuleBasedStateMachine):
    """The back end writes, visitors read and try to write, and the clean-up runs in between."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session, self.example = session, ExitStack()
        self.visitors = itertools.cycle(itertools.product([*TOKENS, None], BROWSER_ROLES))

    @initialize()
    def begin(self) -> None:
        """Start from an empty table."""
        self.example.enter_context(self.session.example())
        self.checker = SessionChecker(self.session)

    @rule(row=rows)
    def insert(self, row: dict[str, Any]) -> None:
        """The back end begins a session."""
        self.checker.insert(row)

    @rule(row=rows)
    def upsert(self, row: dict[str, Any]) -> None:
        """The back end begins a session or goes on with it."""
        self.checker.upsert(row)

    @rule(token=tokens, values=st.one_of(strategies.contents(), st.fixed_dictionaries({"session_token": tokens})))
    def update(self, token: str, values: dict[str, Any]) -> None:
        """The back end saves a form, or another column, or gives the session another token."""
        self.checker.update(token, values)

    @rule(token=tokens)
    def delete(self, token: str) -> None:
        """The back end ends a session."""
        self.checker.delete(token)

    @rule()
    def clean_up(self) -> None:
        """The clean-up runs."""
        self.checker.clean_up()

    @rule(role=writers, token=tokens, write=every_write)
    def intrude(self, role: str, token: str, write: BoundStatement) -> None:
        """A visitor tries to write."""
        self.checker.refuses(with_token(token, role=role), write, Refused("42501"))

    @invariant()
    def everyone_sees_what_the_model_says(self) -> None:
        """The back end reads every row; a visitor, each step another, exactly the row that is its own."""
        self.checker.sees(SERVICE_REQUEST, None)
        token, role = next(self.visitors)
        self.checker.sees(with_token(token, role=role), token)

    def teardown(self) -> None:
        """Take the example back."""
        self.example.close()


@pytest.mark.clause("R2")
# As every property is that Hypothesis calls: tox -e explore has it, too.
@pytest.mark.hypothesis
@under_both_default_privileges
def test_each_role_sees_its_own_after_every_step(session: Session, counting: Counting) -> None:
    """After any series of operations by several roles, each role sees exactly the rows that the model says it may."""
    a_fifth = settings(max_examples=settings().max_examples // 5)
    machine: Any = counting(lambda: SeveralRoles(session))
    run_state_machine_as_test(machine, settings=a_fifth)
