"""Nominations in the CMS: the queue, and the page on which one is decided."""
