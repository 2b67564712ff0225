"""Compiled loops, each with a plain NumPy twin elsewhere in the package that is its test oracle.

Kernels take arrays and give arrays; they know nothing of networks, economies or mechanisms. The
rooms that use them hold the checked wrappers.
"""
