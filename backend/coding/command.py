"""`heard analyse`: the analysis package's own command line, with no web application behind it."""

import sys

from analysis.commands import main


def analyse(argv: list[str]) -> int:
    """Run the analysis tool; 0 when done, 2 when the input cannot be used."""
    try:
        return main(argv)
    except SystemExit as left:  # argparse leaves by itself, for --help and for a wrong option
        return left.code if isinstance(left.code, int) else 2
    finally:
        sys.stdout.flush()
