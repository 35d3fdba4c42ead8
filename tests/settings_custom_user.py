"""The same site with a user model of its own, whose primary key is a UUID."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = ["tests.customuser", *INSTALLED_APPS]
AUTH_USER_MODEL = "customuser.User"

# The user holds the key to the interface, instead of the interface to the user.
WAGTAIL_GAMIFICATION_USER_INTERFACE_FIELD = "gamification"
