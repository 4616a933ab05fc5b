"""The vocabulary of a deployment: frozen values that readers make, `assemble` joins and rules compare.

No behaviour lives here beyond small properties. A value that may be open is a `Value` (see `value.py`).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from adaptable_preflight.platforms import Platform
from adaptable_preflight.settings import Settings
from adaptable_preflight.source import Span
from adaptable_preflight.value import Argument, Unknown, Value, text_of

# --- what is started -------------------------------------------------------------------------------------------


class Word(NamedTuple):
    """One argument of a command after the shell's expansions."""

    value: Value
    span: Span

    @property
    def text(self) -> str | None:
        """The argument's text where all of it is known."""
        return text_of(self.value)


class Environment(NamedTuple):
    """The variables that a process is started with.

    `closed`: a variable that is not in `variables` is not set. Otherwise it may still be set where nobody can see.
    """

    variables: Mapping[str, Value]
    closed: bool = False
    files: Mapping[str, Value] = MappingProxyType({})
    """What the commands before wrote, by path: relative to the checkout, absolute, or beginning with `~/`."""
    made: frozenset[str] = frozenset()
    """Files and folders of the checkout that they make, as far as that is told; an empty path: any."""

    def get(self, name: str) -> Value | None:
        """Return the variable's value; None when it is not among those that are known to be set."""
        return self.variables.get(name)

    def with_variable(self, name: str, value: Value | None) -> "Environment":
        """Return this environment with one variable set, or removed by None."""
        variables = dict(self.variables)
        if value is None:
            variables.pop(name, None)
        else:
            variables[name] = value
        return self._replace(variables=variables)


class Launch(NamedTuple):
    """A program about to be started: the shell's work is done."""

    words: tuple[Word, ...]
    """The arguments; the first names the program."""
    env: Environment
    folder: str = ""
    """The working directory, relative to the checked folder with `/`; absolute where it lies outside."""
    by_module: bool = False
    """Whether `python -m` starts it, which looks for modules in the working directory first."""

    @property
    def program(self) -> str:
        """The program's name without its folder; empty when it is not known."""
        return (self.words[0].text or "").rpartition("/")[2] if self.words else ""


# --- what listens ----------------------------------------------------------------------------------------------


class Tcp(NamedTuple):
    """A TCP socket. The host is what the kernel would show where it is known: lower case, no brackets, never empty."""

    host: Value
    port: Value
    span: Span
    """What decides this bind: the option's value, or the server's word where its default is what counts."""
    implied: bool = False
    """Whether the server's own default decides, so that no text of the command says it."""


class Unix(NamedTuple):
    """A unix socket."""

    path: Value
    span: Span


class Descriptor(NamedTuple):
    """A socket that the parent process handed over."""

    number: int
    span: Span


class UnknownBind(NamedTuple):
    """A socket that cannot be told."""

    why: str
    span: Span
    variable: str = ""
    """The environment variable that holds its whole address."""
    otherwise: "Bind | None" = None
    """What is opened where nobody sets that variable."""


Bind = Tcp | Unix | Descriptor | UnknownBind

Interface = Literal["wsgi", "asgi", "dev", "other"]


class Target(NamedTuple):
    """The app object that a server is told to serve, as the server's own rules take its text apart."""

    module: str
    attribute: str
    """The attribute, dotted where the server follows dots; empty when the module itself is the object."""
    span: Span
    folders: tuple[str, ...] = ("",)
    """Where the module is looked for, first hit wins; relative to the checked folder. Empty: where the running
    program itself looks for modules, when code starts the server."""
    call: bool | None = False
    """Whether the object is called to make the app; None: the server finds out for itself."""
    arguments: int = 0
    """How many arguments the call passes."""
    file: str = ""
    """The file of the checkout that is executed as the module, where the server does not search for one."""


class Package(NamedTuple):
    """A distribution that has to be installed for something that the repository asks for."""

    name: str
    span: Span
    extra: str = ""
    """The extra of the distribution that is needed too."""


class Server(NamedTuple):
    """A server with the values that count after its own defaults, variables, files and options."""

    name: str
    interface: Interface
    span: Span
    """The word that names the server, or the call that starts it."""
    binds: tuple[Bind, ...] = ()
    workers: int | None = 1
    """How many processes serve; 0 for a server that runs in a process of another one."""
    threads: int | None = 1
    worker_class: str | None = None
    worker_span: Span | None = None
    parallel: int | None = None
    """How many requests are handled at one time; None when it cannot be told, a large number for an event loop."""
    tls: tuple[Span, ...] = ()
    """What turns TLS on; empty when the server speaks plain text."""
    target: Target | None = None
    app: Value | None = None
    """The app object itself, where code hands it to the server."""
    script: str = ""
    """The file whose code it serves where it takes no app object: one that it runs itself, or whose pages it knows."""
    folder: str = ""
    """The folder in which it runs that file."""
    importable: Target | None = None
    """How another server could be told of that object."""
    buried: Span | None = None
    """Where that object is made, if it is made in a function or below `__main__` alone and cannot be imported."""
    guarded: bool = True
    """Whether an import of the module does not come to the call that starts the server."""
    serves_without_app: bool = False
    """Whether the sockets stay open when the target cannot be loaded."""
    binds_first: bool = False
    """Whether the sockets are open before the target is imported."""
    survives: "tuple[FailureKind, ...]" = ()
    """Failures of the import of the target after which the sockets stay open all the same; of `ends` (the module
    calls `sys.exit`) not those whose status is in `fatal_statuses`."""
    fatal_statuses: tuple[int, ...] = ()
    hides_arguments: bool = False
    """Whether the app sees nothing of the command in `sys.argv` but the program's name."""
    variables: tuple[tuple[str, Value], ...] = ()
    """Variables that the server sets before it imports the target."""
    packages: tuple[Package, ...] = ()
    """The distributions that bring the server and its worker class."""
    aside: tuple[Bind, ...] = ()
    """Sockets beside those on which it serves, such as one for its statistics."""
    reload: Span | None = None
    debug: Span | None = None
    debug_unless: str = ""
    """The variable that nobody is known to set, and by which debug mode would be off."""
    ignored_threads: Span | None = None
    """A number of threads that was asked for and that the worker class ignores."""
    asked_workers: Span | None = None
    """Where a number of workers stands that was asked for."""
    configured_in: Span | None = None
    """A setting in the configuration file that decides how many requests are handled at one time, if one does."""
    log_files: tuple[Word, ...] = ()
    trusted_proxies: Value | None = None
    """The addresses whose forwarded headers the server trusts, where it was told."""
    awaits_factories: bool = False
    """Whether it awaits a coroutine function that it is told for the app."""
    takes_address: bool = True
    """Whether it takes the visitor's address from them too, and not only the scheme."""
    protocol: str = "http"
    in_code: bool = False
    """Whether Python code starts the server, and not a command."""
    either_interface: bool = False
    """Whether it finds out by itself which interface the app speaks."""
    address_form: str = ""
    """What sets its address, with `{host}` and `{port}` in it, such as `--bind {host}:{port}`."""
    parallel_form: str = ""
    """What makes it handle several requests at a time, such as `--threads 4`."""
    folder_form: str = ""
    """What makes it look for its target in a folder, with `{folder}` in it, such as `--chdir {folder}`."""
    factory_form: str = ""
    """What makes it call its target, such as `--factory`; empty where the target itself is written as a call."""
    proxy_form: str = ""
    """What makes it believe the headers of proxies, with `{proxies}` for their addresses."""


FailureKind = Literal[
    "shell-syntax",
    "rejected-option",
    "bad-address",
    "missing-program",
    "missing-script",
    "bad-script",
    "missing-file",
    "missing-app",
    "app-error",
    "bad-syntax",
    "text-port",
    "ends",
]


class Failure(NamedTuple):
    """Why a command does not end up listening; `message` is a sentence without a full stop."""

    kind: FailureKind
    message: str
    span: Span
    advice: str = ""
    """What to write instead, where the cause tells it."""
    unless: str = ""
    """A variable that nobody is known to set, and by which something else would be loaded."""


RemarkKind = Literal[
    "detached",
    "slow-step",
    "migration",
    "static-files",
    "crlf-script",
    "background-command",
    "timetable",
    "shells-differ",
    "worker-program",
    "failing-routes",
    "front-server",
]


class Remark(NamedTuple):
    """Something that the way to the server shows and that a rule may judge."""

    kind: RemarkKind
    message: str
    span: Span
    seconds: float = 0
    """How long it holds up the start for certain."""


class Run(NamedTuple):
    """What becomes of a command: what it leaves listening, or why it does not.

    Neither a server, nor a failure, nor an unknown: the command ends by itself with `status` (None: cannot be told).
    """

    servers: tuple[Server, ...] = ()
    failure: Failure | None = None
    unknown: Unknown | None = None
    remarks: tuple[Remark, ...] = ()
    status: int | None = 0
    app: "App | None" = None
    """The object that the server's target leads to."""
    files: Mapping[str, Value] = MappingProxyType({})
    """What the command wrote, as `Environment.files` has it."""

    @property
    def stays(self) -> bool:
        """Whether the command keeps running, so that what follows it in a script never starts."""
        return bool(self.servers) and self.failure is None and self.unknown is None


class App(NamedTuple):
    """The object that a target leads to."""

    module: str
    attribute: str
    factory: bool
    """Whether the object is a function that makes the app and is called for it."""
    found: bool | None
    """None: it cannot be told."""
    path: str | None = None
    span: Span | None = None
    """Where the object is made."""
    framework: str | None = None
    interface: Literal["wsgi", "asgi"] | None = None
    uncalled: bool = False
    """Whether the object is an app factory that nobody calls."""
    coroutine: bool = False
    """Whether the object is a coroutine function."""
    folder: str = ""
    """The folder in which a server has to be started to find the module."""
    instead: str = ""
    """Where the attribute is not there: the one of the module that holds an app."""
    own_start: Span | None = None
    """The call by which a module starts the app itself when it is run as a program."""
    at_import: Server | None = None
    """The server that importing its module starts, of an app that no start command names."""
    failure: Failure | None = None
    """Why its import fails, of an app that no start command names."""
    why: str = ""

    @property
    def name(self) -> str:
        """The object as a server is told of it; just its module where code hands it over."""
        return f"{self.module}:{self.attribute}" if self.attribute else self.module


SourceKind = Literal["setting", "procfile", "dockerfile", "compose", "platform-file", "found-app"]


class Origin(NamedTuple):
    """Where a start command comes from."""

    kind: SourceKind
    span: Span
    """The command's text."""
    chosen: bool = True
    """Whether the platform takes this one. One that lost is judged all the same, and lowered to a notice."""


class Process(NamedTuple):
    """One process of the deployment and what becomes of it."""

    name: str
    origin: Origin
    command: str
    shell: bool
    outcome: Literal["listens", "fails", "unknown"] = "unknown"
    reason: str | None = None
    servers: tuple[Server, ...] = ()
    """What opens sockets; the first is the one that the command names."""
    app: App | None = None
    failure: Failure | None = None
    remarks: tuple[Remark, ...] = ()
    unknown: Unknown | None = None
    """Why the outcome cannot be told, where it cannot."""
    variables: tuple[tuple[str, Value], ...] = ()
    """What the file that holds the command sets in the environment, such as `ENV` of a Dockerfile."""

    @property
    def server(self) -> Server | None:
        """The server that the command names."""
        return self.servers[0] if self.servers else None

    @property
    def binds(self) -> tuple[Bind, ...]:
        """Every socket on which the process serves, each once."""
        return tuple(dict.fromkeys(bind for server in self.servers for bind in server.binds))

    @property
    def opened(self) -> tuple[Bind, ...]:
        """Every socket that the process opens, each once."""
        return tuple(dict.fromkeys((*self.binds, *(bind for server in self.servers for bind in server.aside))))


class Misfit(NamedTuple):
    """Something that was meant to tell what is started and that the platform does not take."""

    path: str
    why: str
    """A sentence without a full stop."""
    span: Span
    advice: str = ""
    voids: bool = False
    """Whether nothing of the file counts because of it, though it holds a command."""
    mild: bool = False
    """Whether it may well be meant so, such as the Procfile of an app in a folder of its own."""
    always: bool = False
    """Whether it matters also where the file tells what is started."""


class Gap(NamedTuple):
    """A place behind which something lies that cannot be seen from here."""

    span: Span
    why: str


# --- what is installed -----------------------------------------------------------------------------------------


class Requirement(NamedTuple):
    """One declared dependency."""

    name: str
    """The distribution's normalised name (PEP 503)."""
    specifier: str
    span: Span
    group: str = ""
    """Empty for what is always installed, else the group's name."""
    extras: tuple[str, ...] = ()
    marker: str = ""
    installed: bool = True
    """Whether it is installed on the platform: its group is, and its marker holds on Linux."""
    url: str = ""
    """Where it is taken from instead of an index: a URL, a `git+` address or a path."""
    locked: bool = False
    """Whether a lock lists it, so that the version is exact and what it needs is listed too."""


class Unmet(NamedTuple):
    """What keeps each line of a dependency file from the Python that runs: a tool wrote it for another version."""

    marker: str
    span: Span
    """The first line that it stands in."""
    pythons: tuple[str, ...]
    """The versions, such as `3.10`, with whose newest patch it holds."""


class Manifest(NamedTuple):
    """A dependency file that was read."""

    path: str
    kind: str
    """Such as «requirements», «pipfile», «pyproject»."""
    used: bool
    """Whether the platform's builder installs from it."""
    requirements: tuple[Requirement, ...] = ()
    complete: bool = True
    """Whether everything that it installs could be read; a lock that lists every package is `closed` besides."""
    closed: bool = False
    constraints: tuple[Requirement, ...] = ()
    """Bounds that hold only for what something else asks for."""
    included: tuple[str, ...] = ()
    """Paths of the further files that it leads to."""
    opaque: tuple[Gap, ...] = ()
    """What it installs that cannot be seen from here, such as another host's file."""
    python: str = ""
    """The Python versions that it allows, as a specifier."""
    python_span: Span | None = None
    encoding: str = ""
    """`utf-16` where the file is written in it."""
    end: Span | None = None
    """The empty span behind the file's last character; at column 1 the last line is complete."""
    refused: str = ""
    """Why the builder passes over it though it looks for a file of that name: a sentence without a full stop."""
    other_index: bool = False
    """Whether it names an index or a page of links, where there may be what the public index has not."""
    unmet: Unmet | None = None
    """Set where nothing is installed from it, because no line is meant for the Python that runs."""
    roots: tuple[str, ...] = ()
    """Folders of the checkout whose packages it installs, so that they are importable from everywhere."""
    hashed: bool = False
    """Whether it names the hashes of what it installs, beside which pip takes no line without one."""


class Unreadable(NamedTuple):
    """Something that could not be read: a fact, and never an exception."""

    path: str
    why: str
    span: Span
    breaks: bool | None = True
    """Whether the tool that reads it for the platform fails on it; None: it may be able to read it."""


class Interpreter(NamedTuple):
    """The Python that the app will run on."""

    version: str
    """Such as `3.11`; empty: not known."""
    origin: Literal["setting", "pin", "default", "image", "conda"] = "default"
    """Who decides; an image and conda bring a Python of their own, whatever the platform offers."""
    span: Span | None = None
    """Where the repository pins it."""
    pin: str = ""
    """The pin's text, such as `python-3.11.4`."""
    newest: str = ""
    """The newest that somebody may have set where nobody is seen to; empty: not known."""

    @property
    def sure(self) -> bool:
        """Whether the repository or its user says so, and not only what the platform takes when nobody does."""
        return bool(self.version) and self.origin != "default"


class SystemPackage(NamedTuple):
    """A package of the operating system that a Dockerfile or another file installs."""

    name: str
    span: Span


class Image(NamedTuple):
    """What a Dockerfile builds on."""

    name: str
    """The base image of the stage that is started, such as `python:3.11-slim`; empty: not known."""
    span: Span
    path: str
    copied: tuple[str, ...] = ()
    """The base images of the stages that it takes files from."""
    foreign: bool = False
    """Whether it takes files from an image that no stage makes, uv's own left out."""


class Unreached(NamedTuple):
    """Why a command of an image does not find what was installed in it."""

    why: str
    """What follows «…, because », without a full stop."""
    advice: str
    span: Span
    """What installs or copies it."""
    programs: bool = False
    """Whether just its programs are not found: `python -m` finds the modules."""


class BuildStep(NamedTuple):
    """A command that is run while the image is built."""

    text: str
    span: Span
    variables: tuple[str, ...] = ()
    """Names that the build itself sets (`ARG`, `ENV`)."""


class MissingSource(NamedTuple):
    """What a Dockerfile copies, or mounts, and what is not there when the image is built."""

    path: str
    span: Span
    why: Literal["absent", "kept-out", "shell"]
    """The repository does not have it; `.dockerignore` keeps it out; or it is a sign of a shell, which none reads."""
    pattern: Span | None = None
    """The line of a `.dockerignore` or `.gitignore` that names it."""
    other: str = ""
    """The file of the repository whose name differs in the case of letters alone."""
    made: bool = False
    """Whether something may make it before the image is built, on a machine that does so."""


class BuildFailure(NamedTuple):
    """A step at which the build of an image ends."""

    span: Span
    why: str
    """A sentence without a full stop."""
    advice: str


class Misplaced(NamedTuple):
    """A dependency file where the builder does not look."""

    path: str
    words: frozenset[str]
    """The words of its text in lower case, names of distributions among them."""


class Installed(NamedTuple):
    """What will be installed, from which line."""

    manifests: tuple[Manifest, ...] = ()
    supplied: tuple[str, ...] = ()
    """Distributions that the platform brings by itself."""
    unreadable: tuple[Unreadable, ...] = ()
    python: Interpreter = Interpreter("")
    ignored_pins: tuple[Interpreter, ...] = ()
    """Pins of the Python version that the builder does not look at."""
    elsewhere: tuple[Misplaced, ...] = ()
    """Where none is used: dependency files that the builder does not look at, those nearest to the root first."""
    settable: tuple[str, ...] = ()
    """Other versions of Python that somebody may have set on the platform: it offers them, and a file asks for them."""
    system: tuple[SystemPackage, ...] = ()
    image: Image | None = None
    """Set where a Dockerfile and not the platform's builder makes the image."""
    steps: tuple[BuildStep, ...] = ()
    """The commands by which a Dockerfile makes the image."""
    missing_sources: tuple[MissingSource, ...] = ()
    """What it copies and the build does not have."""
    build_failures: tuple[BuildFailure, ...] = ()
    """The steps at which its build ends."""
    unreached: Unreached | None = None
    """Why the image's commands do not find what it installs, where that is so."""

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The requirements of all files that the builder uses."""
        return tuple(r for manifest in self.manifests if manifest.used for r in manifest.requirements)

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders of the checkout whose packages are installed."""
        return tuple(dict.fromkeys(root for manifest in self.manifests if manifest.used for root in manifest.roots))

    @property
    def known(self) -> bool:
        """Whether all that is declared could be read, so that an absence is a proof."""
        used = [manifest for manifest in self.manifests if manifest.used]
        return bool(used) and all(manifest.complete for manifest in used)

    def find(self, name: str) -> Requirement | None:
        """Return the requirement that installs a distribution (normalised name); a lock's, which is exact, if any."""
        found = [r for r in self.requirements if r.name == name and r.installed]
        return next((r for r in found if r.locked), found[0] if found else None)


# --- what the code does ----------------------------------------------------------------------------------------

Phase = Literal["import", "request", "background", "cli", "task", "main"]
"""When code runs: when the app is imported, while a request is handled, beside both (in a thread, a timer or a job
that one of them starts), only in a command that a person gives, in a worker process, only when the file is run by hand
(below `__main__`)."""


NEEDED_VARIABLE: Final = "os.environ[]"
"""The name of the call by which code asks for an environment variable that it cannot go on without, in whatever way.

The arguments are the variable's name and the way."""
SET_VARIABLE: Final = "os.environ read"
"""The same of a variable that is known to be set."""


DJANGO_MODEL: Final = "django model"
"""The name under which it is noted that a class is a model for which Django keeps a table; its place is the class."""


LOG_HANDLER: Final = "logging.config handler"
"""The name under which it is noted that a configuration of logging makes a handler that opens a file, its argument."""


STREAMLIT_READ: Final = "streamlit.secrets[]"
"""The name of the call that reads one of Streamlit's secrets, whose name is the argument."""


UNBOUND_NAME: Final = "unbound name"
"""The name under which it is noted that a request reads a name which is only bound below `__main__`."""


WORK_ENDS: Final = "work ends"
"""The name under which it is noted that work beside was followed to its end: it neither loops for ever nor waits.

The receiver is the thread, task or job."""
WORK_STAYS: Final = "work stays"
"""The same of work of which this is not known; one place may start both."""


class Call(NamedTuple):
    """A call (or an assignment of a configuration value) that deployed code makes."""

    name: str
    """The dotted name, resolved through imports and through what the receiver was made from:
    `flask.Flask.run`, `sqlalchemy.create_engine`, `open`."""
    span: Span
    """The whole call."""
    arguments: tuple[Argument, ...]
    phase: Phase
    function: str = ""
    """The qualified name of the function around it; empty in a module's body."""
    guards: "tuple[Guard, ...]" = ()
    """The conditions around it that could not be decided, the outermost first."""
    receiver: Value | None = None
    """The object whose method is called, or that is called itself, with what it was made with."""
    caught: bool = False
    """Whether the code goes on when a file that the call needs is not there: a `try` around it catches that."""
    by_request: bool = False
    """Whether a request leads to it: as what handles the request, or in the background because of it."""
    catching: frozenset[str] = frozenset()
    """The exceptions that the `try` statements around it catch, by their last names."""
    handler: str = ""
    """The dotted name of the function, registered for a route or an event, that was followed when it was found."""
    complete: bool = True
    """Whether all arguments are known: there is no `**options` among them of which nobody knows what it holds."""

    def argument(self, position: int, name: str = "") -> Argument | None:
        """Return the argument at a position (from 0) or of a name."""
        positional = [a for a in self.arguments if not a.name]
        if 0 <= position < len(positional):
            return positional[position]
        return next((a for a in self.arguments if name and a.name == name), None)


class Guard(NamedTuple):
    """A condition that could not be decided, and the environment variables that it asks for."""

    span: Span
    variables: tuple[str, ...] = ()
    assumed: bool = False
    """Whether it was decided by what holds when nobody sets the variables."""
    registers: bool = False
    """Whether it decides if the handlers around are registered at all, when the app is imported."""


OPEN: Final = "*"
"""The name of a setting that stands for all whose names are not known, as behind an import of everything."""


class Setting(NamedTuple):
    """A configuration value as it stands when the app has been imported."""

    owner: str
    """What is configured: `flask.Flask`, `django.settings`."""
    name: str
    value: Value
    span: Span
    """The assignment that counts: a keyword, a subscript's assignment, a name's assignment."""
    guards: tuple[Guard, ...] = ()
    choice: str = ""
    """The name of the configuration that it belongs to, where a variable chooses one of several by name."""


class Change(NamedTuple):
    """A change, while a request is handled or beside all of them, of an object that a module holds for all requests."""

    name: str
    """The module's variable: `app.views.counter`."""
    span: Span
    function: str
    value: Value | None = None
    """What is stored, where one value is."""
    home: Span | None = None
    """Where the variable is bound in the module."""
    before: Value | None = None
    """What the variable, or the changed list or dictionary in it, holds when the app has been imported."""
    rebinds: bool = False
    """Whether the name is bound anew, and not an object changed that it holds."""
    key: Value | None = None
    """The key or index of the entry that is changed, where it is one."""
    removes: bool = False
    """Whether an entry is taken out."""
    guards: tuple[Guard, ...] = ()
    """The conditions under which its handler is registered that could not be decided."""
    by_request: bool = True
    """Whether a request leads to it; else something that goes on by itself, such as a thread or a job, does."""
    of_object: bool = False
    """Whether it is an attribute of an object that the module holds: one request may set it for itself alone."""
    handler: str = ""
    """The function that the request, or what goes on by itself, begins with."""


class Load(NamedTuple):
    """A read, while a request is handled or beside it, of an object that a `Change` changes too."""

    name: str
    span: Span
    function: str
    handler: str = ""
    """As that of a `Change`."""


class Import(NamedTuple):
    """A module that deployed code imports from outside the repository."""

    module: str
    """The dotted name, as far as it is a module's for certain."""
    span: Span
    guarded: bool = False
    """Whether the code goes on without it: in `try` with `except ImportError`, or under a condition."""
    names: tuple[str, ...] = ()
    """What is taken out of it by `from … import`."""
    phase: Phase = "import"
    folders: tuple[str, ...] = ()
    """Where modules are looked for at that place, relative to the checked folder; empty: it cannot be told."""
    setting: bool = False
    """Whether a setting names it, such as Django's `INSTALLED_APPS`, and no statement."""
    pickle: str = ""
    """The file of the repository that names it, where unpickling that imports it and no statement."""


class Use(NamedTuple):
    """A name of a library that a library reads in deployed code, without a call that says so."""

    way: Literal["base", "field", "parameter", "async"]
    """As a class's base; in the annotation of a field of such a class; in the signature of a function that a library
    calls; or as what is told of a coroutine function that it shall call."""
    name: str
    """The dotted name, resolved through imports."""
    span: Span
    phase: Phase = "import"
    guards: tuple[Guard, ...] = ()
    catching: frozenset[str] = frozenset()
    """As that of a `Call`."""


class Code(NamedTuple):
    """The modules that the deployed app reaches, and what they do."""

    modules: tuple[str, ...] = ()
    """Paths of the modules."""
    gaps: tuple[Gap, ...] = ()
    calls: tuple[Call, ...] = ()
    settings: tuple[Setting, ...] = ()
    imports: tuple[Import, ...] = ()
    changes: tuple[Change, ...] = ()
    loads: tuple[Load, ...] = ()
    complete: bool = False
    """Whether everything that the app imports from the repository was read."""
    unread: tuple[Setting, ...] = ()
    """Settings that the version of the framework which will be installed does not read."""
    unseen: frozenset[str] = frozenset()
    """The owners of settings beside which others may have been made that were not seen."""
    made: frozenset[str] = frozenset()
    """What the commands before the app make, as `Environment` has it, and what they write."""
    alternatives: tuple[Setting, ...] = ()
    """What would be configured if a variable that nobody is known to set chose another configuration."""
    uses: tuple[Use, ...] = ()


class Untracked(NamedTuple):
    """A file that is there and that git leaves out of the repository."""

    path: str
    pattern: Span
    """The line of a `.gitignore` that does it."""


class LeftOut(NamedTuple):
    """A module that is imported and not here, and that its author has: git ignores it, or an example stands for it."""

    path: str
    """Where it would be."""
    span: Span
    """The line of a `.gitignore` that matches it, else the import."""
    example: str = ""
    """The file that shows what it looks like."""


class Repository(NamedTuple):
    """What git does with files that matter."""

    environments: tuple[str, ...] = ()
    """The `pyvenv.cfg` of each virtual environment that is tracked."""
    untracked: tuple[Untracked, ...] = ()
    """Files that the start needs and that are ignored."""
    pointers: tuple[str, ...] = ()
    """Files that the start needs of which only a Git LFS pointer is here."""
    left_out: tuple[LeftOut, ...] = ()
    large: tuple[tuple[str, int], ...] = ()
    """Large files that the code names, with their size in bytes once Git LFS has fetched what it keeps."""
    named_pointers: tuple[str, ...] = ()
    """The same of files that the code names, such as a model."""
    no_pickles: tuple[str, ...] = ()
    """Files that the code names and that unpickling rejects for certain."""
    pickles: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Pickles that the code names, each with the classes and functions that it needs, as module and name."""
    fetched: tuple[str, ...] = ()
    """Names of language data that some file fetches; `*`: something that nobody can name."""


class Absent(NamedTuple):
    """A top-level module that the app imports and that is not found among the files of the repository."""

    one: Import
    top: str
    evidence: Literal["beside", "around", "left-out", "elsewhere", "unknown-name", "nothing"]
    """What shows that the import fails: the module lies beside the importing file, where Python 3 does not look; the
    folder around that file is meant, which is not found by its name; only its author has it; it lies in another folder;
    nothing that is installed can hold it; or nothing shows it."""
    path: str = ""
    """The file or folder that was meant."""


class HealthCheck(NamedTuple):
    """A path that the platform asks for before it lets a deploy through, as its file tells."""

    path: str
    span: Span


class Deployment(NamedTuple):
    """All that is known about what will run: the only thing that rules look at, beside the platform's contract."""

    platform: Platform
    settings: Settings
    processes: tuple[Process, ...] = ()
    offered: App | None = None
    """Where no start command was found: the app object that one would name. It is taken as what is deployed."""
    installed: Installed = Installed()
    code: Code = Code()
    unreadable: tuple[Unreadable, ...] = ()
    repository: Repository = Repository()
    paths: tuple[str, ...] = ()
    """Every file of the checkout that was seen."""
    misfits: tuple[Misfit, ...] = ()
    """What was meant as a start command and is none, such as a Procfile of another name."""
    health_checks: tuple[HealthCheck, ...] = ()
    absent: tuple[Absent, ...] = ()
    """Each imported module once that is not here, those that an installed distribution is known to bring left out."""

    @property
    def web(self) -> Process | None:
        """The web process that the platform starts; None when no start command was found."""
        return next((p for p in self.processes if p.name == "web" and p.origin.chosen), None)

    @property
    def app_is_guessed(self) -> bool:
        """Whether no command leads to the app, so that the one which would be offered is taken as deployed.

        A Procfile that is misnamed starts nothing, and still tells which app is meant.
        """
        return not self.web_processes or self.offered is not None

    @property
    def served_app(self) -> App | None:
        """The app object that the web process serves, where it is known."""
        return self.web.app if self.web is not None else None

    @property
    def web_processes(self) -> tuple[Process, ...]:
        """Every process that would be the web process if its file were chosen; the chosen one comes first."""
        return tuple(p for p in self.processes if p.name == "web")
