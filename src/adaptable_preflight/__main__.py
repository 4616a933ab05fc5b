"""`python -m adaptable_preflight` is the command `adaptable-preflight`."""

import sys

from adaptable_preflight.isolation import leave_checkout

leave_checkout()

from adaptable_preflight.cli import main  # noqa: E402

sys.exit(main())
