"""What begins a contract, a migration, a verify file: each written by a command, to be read and changed by a person."""
