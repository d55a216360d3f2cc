"""Wrong usage of a command: one line on standard error and exit status 2."""


class WrongUsage(ValueError):
    """Options or paths that contradict each other; the message states what was expected."""
