"""`python -m knockflow`: see `knockflow.commands`."""

import sys

from knockflow.commands import main

sys.exit(main())
