"""What does not hold."""


class CheckError(Exception):
    """A block, claim or page that does not hold; its text is the whole report."""


class FollowOnError(CheckError):
    """A block that cannot hold because of what another item reports: that of the block at the line `cause`, 0 the page."""

    def __init__(self, message: str, cause: int) -> None:
        super().__init__(message)
        self.cause = cause
