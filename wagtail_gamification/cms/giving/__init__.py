"""Award, revoke, adjust points and reset: what editors give players by hand."""
