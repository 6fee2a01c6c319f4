-- What the dump gave to nobody is the migrator's, as where it restores a dump without owners.

REASSIGN OWNED BY baseline_loader TO postgres;
DROP OWNED BY baseline_loader;
DROP ROLE baseline_loader;
