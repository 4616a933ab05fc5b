"""What a running shell knows: variables, folder, options, and what it has left running."""

from collections.abc import Mapping

from adaptable_preflight.checkout import Checkout
from adaptable_preflight.model import App, Environment, Failure, Remark, Server, Word
from adaptable_preflight.read import homes
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.shell.syntax import Function
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, FromEnv, Known, Unknown, Value, concat, text_of


class Notes:
    """What all parts of one reading of a script share."""

    def __init__(self) -> None:
        self.steps = 0
        self.refusals = 0
        """How many ways were left aside that end the script with an error."""
        self.dialects_differ = False
        """Whether something was met that sh and bash do differently."""


class State:
    """One shell process. A subshell works on a copy."""

    def __init__(self, context: Context, env: Environment, folder: str, bash: bool, notes: Notes) -> None:
        self.context = context
        self.bash = bash
        self.notes = notes
        self.placeholders: Mapping[str, Value] = {}
        """Characters of the script that stand for values which are not known."""
        self.variables: dict[str, Value] = dict(env.variables)
        self.exported = set(env.variables)
        self.arrays: dict[str, tuple[Word, ...]] = {}
        self.closed = env.closed
        self.promised = frozenset(name for name, v in env.variables.items() if isinstance(v, FromEnv))
        """Variables that are certain to be set, though their values are not known."""
        self.removed: frozenset[str] = frozenset()
        self.folder = folder
        self.name: Value = Known("sh")
        self.arguments: tuple[Word, ...] = ()
        self.functions: dict[str, Function] = {}
        self.options: set[str] = set()
        self.status: int | None = 0
        self.previous: int | None = 0
        """The status of the command before this one."""
        self.pushed: tuple[str, ...] = ()
        """Folders on the stack of `pushd`."""
        self.input: Value | None = None
        """What the command reads from its standard input, where that is known."""
        self.background: list[Server] = []
        self.sent_away: Span | None = None
        """The command that sent a server to the background."""
        self.jobs = 0
        """Programs in the background that run on without a socket."""
        self.remarks: list[Remark] = []
        self.failure: Failure | None = None
        self.app: App | None = None
        """The app of the last server that was met."""
        self.named: tuple[Server, ...] = ()
        """The servers of the command that failed."""
        self.doubt: Unknown | None = None
        """What was taken to end with success, though nothing is known of it."""
        self.hidden: Unknown | None = None
        """Why it cannot be told what a program in the background does."""
        self.loops = 0
        """How many loops are around the command."""
        self.waits = False
        """Whether the innermost of them turns until something happens."""
        self.doubted = False
        """Whether the last status is open because nothing is known of the program."""
        self.status_unset: int | None = None
        """What an open test comes to where nobody sets the variables that are not known to be set."""
        self.all_unset = False
        """Whether such a variable counts as empty."""
        self.made: set[str] = set(env.made)
        """Paths that the script makes: they are missing from the checkout."""
        self.files: dict[str, Value] = dict(env.files)
        """What was written into files, as `Environment.files` has it."""

    def copy(self) -> "State":
        """Return a subshell; it shares what it leaves running and what there is to remark."""
        twin = object.__new__(State)
        twin.__dict__.update(self.__dict__)
        twin.variables = dict(self.variables)
        twin.exported = set(self.exported)
        twin.functions = dict(self.functions)
        twin.arrays = dict(self.arrays)
        twin.options = set(self.options)
        twin.files = dict(self.files)
        return twin

    @property
    def checkout(self) -> Checkout:
        """The checked folder."""
        return self.context.checkout

    @property
    def environment(self) -> Environment:
        """The variables that a program gets which this shell starts."""
        exported = {name: value for name, value in self.variables.items() if name in self.exported}
        return Environment(exported, self.closed, self.files, frozenset(self.made))

    def lookup(self, name: str, span: Span) -> Value | None:
        """Return a variable's value; None where it is certain not to be set."""
        value = self.variables.get(name)
        if value is None:
            if name == "PWD":
                return Known(self.absolute_folder, span)
            return None if self.closed or name in self.removed else FromEnv(name, None, span)
        if isinstance(value, Known | FromEnv) and value.span is None:
            return value._replace(span=span)
        return value

    def assign(self, name: str, value: Value) -> None:
        """Set a variable."""
        self.variables[name] = value
        if "a" in self.options:
            self.exported.add(name)

    def unset(self, name: str) -> None:
        """Remove a variable; from then on it is certain not to be set."""
        self.variables.pop(name, None)
        self.exported.discard(name)
        self.removed |= {name}

    def is_empty(self, value: Value | None) -> bool | None:
        """Whether a value is the empty text; None where that cannot be told."""
        if value is None:
            return True
        text = text_of(value)
        if text is not None:
            return not text
        if isinstance(value, FromEnv):
            empty = self.is_empty(value.default)
            assured = value.name in self.promised or empty is False
            return False if assured else True if self.all_unset and empty else None
        if isinstance(value, Concat):
            return False if any(self.is_empty(part) is False for part in value.parts) else None
        return None

    def while_unset(self, value: Value) -> Value:
        """Return what a value is as long as nobody sets a variable that is not promised."""
        if isinstance(value, FromEnv) and value.name not in self.promised:
            return Known("", value.span) if value.default is None else self.while_unset(value.default)
        if isinstance(value, Concat):
            return concat([self.while_unset(part) for part in value.parts], value.span)
        return value

    @property
    def absolute_folder(self) -> str:
        """The working directory as an absolute path."""
        return homes.absolute(self.context, self.folder)

    def place(self, path: str) -> str | None:
        """Return where a path leads: relative to the checkout; None where it leads out of it."""
        return homes.place(self.context, self.folder, path)

    def exists(self, path: str) -> bool | None:
        """Whether there is such a file or folder; None where it lies outside or the script may make it."""
        place = self.place(path)
        if place is None or self.makes(place):
            return None
        return self.checkout.is_file(place) or self.checkout.is_folder(place)

    def makes(self, path: str) -> bool:
        """Whether the script itself makes a file or folder of that path."""
        return "" in self.made or any(path == made or path.startswith(made + "/") for made in self.made)
