"""The one exception of the serving room: a request that is turned down, with its HTTP status and its reason."""

from course_lib.text.words import short


class Refusal(Exception):
    """What a client did wrong, or what the server cannot do now. The message goes to the client as it stands.

    It says what was given, what was expected and what to do. status: 4xx, or 503 where trying again may help.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.status = message, status


def shortened(value: object) -> str:
    """A value as JSON writes it, cut where it is long: an error must not echo a megabyte."""
    words = {None: "null", True: "true", False: "false"}
    return words[value] if value is None or isinstance(value, bool) else short(value)
