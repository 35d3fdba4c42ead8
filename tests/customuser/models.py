"""A user model that a site wrote for itself.

Its primary key is a UUID, and it points to its interface instead of being
pointed to: a site whose players are not its users can do the same on any model.
"""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gamification = models.ForeignKey(
        "wagtail_gamification.GamificationInterface",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
