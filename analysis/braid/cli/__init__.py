"""The `braid` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command; exit code 0 done, 1 the run failed, 2 the user's files or call are wrong."""
    from braid.cli.unchanged import answered

    if answered(sys.argv[1:]):
        return
    from braid.cli.forwarding import forwarded

    code = forwarded(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    from braid.cli.app import run_app

    run_app()


__all__ = ["main"]
