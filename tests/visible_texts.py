"""What people read on a page."""

import re
from html.parser import HTMLParser


class _Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        self.found |= {value for name, value in attrs if name == "aria-label"}

    def handle_data(self, data):
        self.found.add(" ".join(data.split()))


def texts(html):
    """What is said on a page, also to screen readers; numbers say nothing."""
    parser = _Texts()
    parser.feed(html)
    return {text for text in parser.found if re.search(r"[^\W\d_]", text)}
