"""`python -m app` is `bidscreen`."""

from app.entrypoints.cli.main import main

main()
