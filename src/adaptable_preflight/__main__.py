"""`python -m adaptable_preflight` is the command `adaptable-preflight`."""

from adaptable_preflight.isolation import leave_checkout

leave_checkout()  # before anything else is imported

import sys  # noqa: E402

from adaptable_preflight.cli import main  # noqa: E402

sys.exit(main())
