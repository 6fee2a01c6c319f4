"""Where the programs of PostgreSQL come from, and whether they run here."""
