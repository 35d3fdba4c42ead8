"""How many examples a property is tried with."""

import os


def examples(number: int) -> int:
    """Give ``number``, or a fifth where the same code is tested once more elsewhere."""
    return number // 5 if os.environ.get("TESTS_EXAMPLES") == "few" else number
