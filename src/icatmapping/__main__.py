"""``python -m icatmapping``."""

try:
    from icatmapping.cli.main import main
except KeyboardInterrupt:
    raise SystemExit(130) from None

raise SystemExit(main())
