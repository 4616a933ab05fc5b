"""What a shell script is made of: the small tree that `parser` builds and `interpreter` walks."""

from typing import NamedTuple

from adaptable_preflight.read.shell.excerpt import Excerpt
from adaptable_preflight.source import Span


class Text(NamedTuple):
    """Literal text; `quoted`: its characters stand for themselves."""

    text: str
    quoted: bool
    span: Span


class Parameter(NamedTuple):
    """`$NAME`, `${NAME}` or `${NAME` operator argument `}`; the operator `length` stands for `${#NAME}`."""

    name: str
    operator: str
    argument: "ShellWord | None"
    quoted: bool
    span: Span


class Substitution(NamedTuple):
    """`$(…)` or the same in backquotes."""

    body: Excerpt
    quoted: bool
    span: Span


class Arithmetic(NamedTuple):
    """`$((…))`."""

    body: str
    quoted: bool
    span: Span


class Unread(NamedTuple):
    """A part whose meaning is not modelled."""

    why: str
    quoted: bool
    span: Span


Part = Text | Parameter | Substitution | Arithmetic | Unread


class ShellWord(NamedTuple):
    """One word before its expansion."""

    parts: tuple[Part, ...]
    span: Span

    @property
    def literal(self) -> str | None:
        """The word's text where nothing in it is quoted or expanded."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Text) and not self.parts[0].quoted:
            return self.parts[0].text
        return None


class Assignment(NamedTuple):
    """`NAME=word` or `NAME+=word`."""

    name: str
    value: ShellWord
    append: bool
    span: Span
    items: tuple[ShellWord, ...] | None = None
    """The words of an array of bash."""


class Redirect(NamedTuple):
    """A redirection; a here-document's text is its target."""

    operator: str
    descriptor: int | None
    target: ShellWord


class Simple(NamedTuple):
    """Assignments, words and redirections: the usual command."""

    assignments: tuple[Assignment, ...]
    words: tuple[ShellWord, ...]
    redirects: tuple[Redirect, ...]
    span: Span


class Pipeline(NamedTuple):
    """Commands joined by `|`; `negated` by a `!` in front."""

    commands: "tuple[Command, ...]"
    negated: bool
    span: Span


class AndOr(NamedTuple):
    """Pipelines joined by `&&` and `||`; each operator stands before its pipeline, the first is empty."""

    steps: tuple[tuple[str, Pipeline], ...]
    background: bool
    span: Span


Block = tuple[AndOr, ...]


class Group(NamedTuple):
    """`{ …; }`, or `( … )` in a shell of its own."""

    body: Block
    subshell: bool
    redirects: tuple[Redirect, ...]
    span: Span


class If(NamedTuple):
    """`if` and its `elif`s as pairs of condition and body, and the `else` body."""

    branches: tuple[tuple[Block, Block], ...]
    otherwise: Block
    redirects: tuple[Redirect, ...]
    span: Span


class While(NamedTuple):
    """`while` or `until`."""

    condition: Block
    body: Block
    until: bool
    redirects: tuple[Redirect, ...]
    span: Span


class For(NamedTuple):
    """`for NAME in words`; without `in` the words are None and stand for `"$@"`."""

    name: str
    words: tuple[ShellWord, ...] | None
    body: Block
    redirects: tuple[Redirect, ...]
    span: Span


class Case(NamedTuple):
    """`case word in pattern) body ;; … esac`."""

    word: ShellWord
    branches: tuple[tuple[tuple[ShellWord, ...], Block], ...]
    redirects: tuple[Redirect, ...]
    span: Span


class Function(NamedTuple):
    """The definition of a function."""

    name: str
    body: "Command"
    span: Span


class Conditional(NamedTuple):
    """bash's `[[ … ]]`, its words and operators in order."""

    words: tuple[ShellWord, ...]
    redirects: tuple[Redirect, ...]
    span: Span


class Calculation(NamedTuple):
    """bash's `((…))`."""

    text: str
    redirects: tuple[Redirect, ...]
    span: Span


Command = Simple | Group | If | While | For | Case | Function | Conditional | Calculation


class SyntaxFault(NamedTuple):
    """Text that the shell refuses."""

    message: str
    span: Span
    unread: bool = False
    """Whether it is this tool that cannot read it, and not the shell."""


class Script(NamedTuple):
    """The lines that a shell reads and runs one after the other, up to the first that it refuses."""

    lines: tuple[Block, ...]
    fault: SyntaxFault | None = None
    bashisms: bool = False
    """Whether sh and bash read the text differently."""
