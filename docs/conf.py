"""How Sphinx builds the documentation: `make docs`, without a warning."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

project = "wagtail-gamification"
author = "The wagtail-gamification developers"
copyright = author
# Read as text, so that building needs neither Django nor the package itself.
release = re.search(
    r'^__version__ = "(.+)"$',
    (ROOT / "wagtail_gamification" / "__init__.py").read_text(encoding="utf-8"),
    re.MULTILINE,
)[1]
version = release
language = "en-GB"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
# Every heading can be linked to, as on other sites that show Markdown.
myst_heading_anchors = 4

html_theme = "furo"
html_title = f"{project} {release}"
html_show_sourcelink = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["docs.css"]
# The pages ask nobody else for anything: a test looks at what was built.
html_theme_options = {"navigation_with_keys": False}
