"""Where the files of the repository are."""

from pathlib import Path

ROOT = Path(__file__).parents[3]
MIGRATIONS = ROOT / "migrations"
APPLY_SCRIPT = MIGRATIONS / "execute_migration.sh"
VERIFY_FILES = MIGRATIONS / "verify"
TESTS = ROOT / "tests"
CONTRACTS = TESTS / "contract"
UPGRADE = TESTS / "upgrade"
ACCESS = TESTS / "access"
STAND_INS = TESTS / "harness" / "supabase" / "extensions"
# In these rooms a red test means that a migration breaks a promise.
GATE = (CONTRACTS, UPGRADE, ACCESS)
