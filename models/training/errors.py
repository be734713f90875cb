"""What stops a training that a person can do something about."""


class UnusableError(Exception):
    """The rows, the configuration or the encoder cannot be used; the message is a sentence that says what to do."""
