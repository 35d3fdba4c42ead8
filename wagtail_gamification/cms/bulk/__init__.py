"""Award a badge, or give points, to many players at once."""
