"""Make a public page of an award, or take it away."""

from __future__ import annotations

from wagtail_gamification.models.achievements import Award

from .change_preferences import refuse_shared


class ShareAwardAction:
    """Share an award, or unshare it, in one conditional statement.

    What was taken back can't be shared. Gives whether something changed.

    :raises PlayerIsShared: where several users have the player whose award it is
    """

    def __init__(self, award: Award, is_shared: bool) -> None:
        self.award = award
        self.is_shared = is_shared

    def execute(self) -> bool:
        refuse_shared(self.award.badge.interface)
        awards = Award.objects.filter(pk=self.award.pk, is_shared=not self.is_shared)
        if self.is_shared:
            awards = awards.filter(revoked_at=None)
        return bool(awards.order_by().update(is_shared=self.is_shared))
