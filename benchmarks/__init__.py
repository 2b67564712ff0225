"""How fast and how large: every figure of docs/benchmarks.md, by one command (see README.md)."""
