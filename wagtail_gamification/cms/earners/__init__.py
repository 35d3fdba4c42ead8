"""The people behind a badge: who earned it, and to whom it is awarded from there."""
