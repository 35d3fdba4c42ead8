"""The site of the tests, without what would measure something else."""

from tests.settings import *  # noqa: F403

# Expanding rich text and rendering pages is measured as on a live site.
DEBUG = False

LOGGING = {"version": 1, "disable_existing_loggers": True}
