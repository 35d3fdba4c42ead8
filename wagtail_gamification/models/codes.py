"""What a claim code looks like: how one is made, written and read back."""

from __future__ import annotations

import secrets
import unicodedata

# Letters and digits that can't be taken for one another when they are printed or read
# out, and without vowels, so that no code is a word. 22 of them, 16 times: 71 bits.
ALPHABET = "CDFGHJKMNPQRTVWXY34679"
LENGTH = 16
GROUP = 4

# More than anybody writes between the groups; what is behind it isn't looked at.
MOST_INPUT = 64


def new_code() -> str:
    """Give a code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _position in range(LENGTH))


def normalise_code(text: str) -> str:
    """Give what is stored for a code as somebody has typed it.

    Case, spaces and hyphens don't matter, nor do full-width letters. What can't stand
    in a code is dropped, so the answer may be empty.
    """
    text = unicodedata.normalize("NFKC", text[:MOST_INPUT]).upper()
    return "".join(char for char in text if char in ALPHABET)


def part_of_code(text: str) -> str:
    """Give what somebody looks for, where it may be a part of a code; else nothing."""
    part = normalise_code(text)
    letters = [char for char in text if char.isalnum()]
    return part if len(part) == len(letters) else ""


def grouped_code(code: str) -> str:
    """Give a code in groups that people can read."""
    groups = [code[start : start + GROUP] for start in range(0, len(code), GROUP)]
    return "-".join(groups)
