"""Bridges to outside engines and services: they are imported here alone, when asked for."""
