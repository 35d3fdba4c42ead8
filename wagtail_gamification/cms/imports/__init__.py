"""The screens of an import: upload, match, preview, choose, watch, undo."""
