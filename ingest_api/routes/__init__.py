"""Routes: thin; parse, ask, answer. No rule lives here."""
