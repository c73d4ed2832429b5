"""``python -m icatmapping``."""

from icatmapping.cli import main

raise SystemExit(main())
