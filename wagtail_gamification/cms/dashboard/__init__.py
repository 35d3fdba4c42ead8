"""The dashboard: what happened on the site, in a few numbers and charts."""
