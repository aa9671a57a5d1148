"""The one error of this package: a sentence for the person at the terminal."""


class LocalServiceError(RuntimeError):
    """A local server cannot be started, reached or stopped; the text says why and what to do."""
