"""`python -m adaptable_preflight` is the command `adaptable-preflight`."""

import sys

from adaptable_preflight.cli import main

sys.exit(main())
