"""Outside engines and data, each imported where it is used; a missing one names its extra.

One file an engine, however short: what a user has not installed, no other file speaks of.
"""
