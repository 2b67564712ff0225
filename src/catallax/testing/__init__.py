"""Contract tests for mechanisms, ours and users: the barrier test."""
