"""Operations on arrays, each with its compiled loop and its plain NumPy reference side by side.

They take arrays and give arrays, and know nothing of networks, economies or mechanisms: of a
network they are told which links belong together (`kernels.links`). Whoever calls an operation does
not ask which of the two answers (`kernels.switch`).
"""
