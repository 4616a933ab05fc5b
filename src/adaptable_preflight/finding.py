"""What a rule reports: one immutable value from the rule to the reader's screen."""

from enum import IntEnum
from typing import Literal, NamedTuple

from adaptable_preflight.model import Process
from adaptable_preflight.source import Span


class Severity(IntEnum):
    """How much it matters; comparable."""

    NOTICE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()

    def lowered(self, steps: int = 1) -> "Severity":
        """Return the severity some steps lower; a notice stays one."""
        return Severity(max(self - steps, Severity.NOTICE))


Confidence = Literal["high", "medium", "low"]


class Edit(NamedTuple):
    """A replacement of the text of one span."""

    span: Span
    text: str


class Fix(NamedTuple):
    """Edits that repair the finding; `safe`: what they do is what the author meant, whatever else is true."""

    edits: tuple[Edit, ...]
    safe: bool = False


class Related(NamedTuple):
    """Another place that explains the finding."""

    span: Span
    message: str


class Finding(NamedTuple):
    """One problem. `message` says what happens on the platform; `advice` says what to write instead."""

    rule: str
    severity: Severity
    span: Span
    message: str
    advice: str = ""
    confidence: Confidence = "high"
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    process: Process | None = None
    """The process that it is about, where it is about one; what a start command that lost would do is lowered."""
    from_absence: bool = False
    """Whether it rests on something that the code does *not* do; it is lowered where not all code could be read."""
    ends_start: bool = False
    """Whether the import of the app ends there, so that the server has nothing to serve."""
