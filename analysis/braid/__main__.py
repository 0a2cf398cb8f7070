"""`python -m braid`, where the command itself is not on the PATH."""

from braid.cli import main

main()
