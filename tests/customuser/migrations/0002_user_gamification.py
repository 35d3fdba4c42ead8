"""The key to the interface comes second.

The app's own migration needs the user model to exist, so a user model that
points back can only do so afterwards.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customuser", "0001_initial"),
        ("wagtail_gamification", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="gamification",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtail_gamification.gamificationinterface",
            ),
        ),
    ]
