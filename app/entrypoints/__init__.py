"""Entry points: the ASGI application, the server, the command line, and their wiring."""
