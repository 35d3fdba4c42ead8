"""Web hooks in the CMS: where messages go, and what became of them."""
