"""A player's data in the CMS: to export it, and to erase it."""
