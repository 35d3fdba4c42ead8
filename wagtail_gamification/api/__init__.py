"""The API for sites whose pages are made elsewhere.

``v2`` adds endpoints to Wagtail's API v2, ``v3`` to the API v3 of Wagtail 8, and
``serializers`` serve a site's own views. The definitions are for everybody and look
the same to everybody; what a player has is only for that player.
"""
