"""Run the command line with ``python -m catallax``."""

from catallax.apps.cli import main

if __name__ == "__main__":
    main()
