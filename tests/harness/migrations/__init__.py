"""Migration files: read, split into statements, applied, delivered by every tool, verified."""
