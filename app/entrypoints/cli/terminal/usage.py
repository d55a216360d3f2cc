"""Wrong usage of a command: one line on standard error and exit status 2."""


class WrongUsage(ValueError):
    """Options or paths that make no sense together; the message says what was expected."""
