from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WagtailGamificationConfig(AppConfig):
    name = "wagtail_gamification"
    label = "wagtail_gamification"
    verbose_name = _("Gamification")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401
        from .event_sources import register_event_sources
        from .events import builtin  # noqa: F401
        from .signal_handlers import register_signal_handlers

        register_signal_handlers()
        register_event_sources()
        # A site's events and requirement kinds.
        autodiscover_modules("gamification")
