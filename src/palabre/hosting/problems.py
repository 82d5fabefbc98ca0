"""What can go wrong with a host, in words for the person who runs it."""


class HostProblem(Exception):
    """It cannot be done; the message says why and what to do."""


class StartFailed(HostProblem):
    """The network did not come up, or could not be kept up."""


class PortTaken(StartFailed):
    """Somebody else listens there."""
