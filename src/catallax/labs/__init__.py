"""Laboratories beside the domains: commands, claims and validation rows alone import them."""
