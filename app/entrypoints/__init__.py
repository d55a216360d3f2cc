"""Entry points: the ASGI application, the server, the command line, and the wiring of all of them."""
