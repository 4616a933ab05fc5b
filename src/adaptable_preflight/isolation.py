"""Keeps the checked repository out of the way in which Python looks for modules."""

import os
import sys


def leave_checkout() -> None:
    """Drop the working folder from the module path.

    `python -m` puts it there first, and a repository that is checked may hold a `json.py`: nothing of it may run.
    """
    here = os.getcwd()
    sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != os.path.realpath(here)]
