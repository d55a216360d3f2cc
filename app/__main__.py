"""`python -m app` is `bidscreen`."""

from app.cli import main

main()
