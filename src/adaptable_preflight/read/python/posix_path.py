"""A path of `pathlib`, as far as code that puts paths together asks for it.

Python's own `pathlib` takes a twentieth of a run to be imported, with `urllib` and `ipaddress` behind it.
"""

import posixpath


class PurePosixPath:
    """What `pathlib.PurePosixPath` is to the code that is followed: text that `/` joins."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = posixpath.normpath(text) if text else "."

    def __str__(self) -> str:
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PurePosixPath) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __truediv__(self, other: object) -> "PurePosixPath":
        if not isinstance(other, str | PurePosixPath):
            raise TypeError(f"unsupported operand type(s) for /: 'PosixPath' and '{type(other).__name__}'")
        return PurePosixPath(posixpath.join(self._text, str(other)))

    def __rtruediv__(self, other: object) -> "PurePosixPath":
        if not isinstance(other, str):
            raise TypeError(f"unsupported operand type(s) for /: '{type(other).__name__}' and 'PosixPath'")
        return PurePosixPath(posixpath.join(other, self._text))

    @property
    def parent(self) -> "PurePosixPath":
        """The folder."""
        return PurePosixPath(posixpath.dirname(self._text))

    @property
    def name(self) -> str:
        """The last part."""
        return posixpath.basename(self._text)

    @property
    def stem(self) -> str:
        """The last part without its suffix."""
        return posixpath.splitext(self.name)[0]

    @property
    def suffix(self) -> str:
        """The last part's suffix with its dot."""
        return posixpath.splitext(self.name)[1]
