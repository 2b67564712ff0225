"""Outside engines and data, each imported where it is used; a missing one names its extra."""
