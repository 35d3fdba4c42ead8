"""Point rules and campaigns in the CMS."""
