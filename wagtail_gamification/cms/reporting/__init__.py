"""Reports of what players got, and of what became of badges."""
