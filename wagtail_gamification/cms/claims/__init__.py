"""Claim codes in the CMS: making, printing and watching them."""
