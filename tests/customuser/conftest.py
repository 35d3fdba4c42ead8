"""These tests need the site whose user model is its own (make test-custom-user)."""

from django.conf import settings

# Under the other settings the model does not exist, so its tests can't even
# be imported. Asked for by path under the wrong settings, pytest then finds
# no test at all and fails.
collect_ignore_glob = (
    [] if settings.AUTH_USER_MODEL == "customuser.User" else ["test_*.py"]
)
