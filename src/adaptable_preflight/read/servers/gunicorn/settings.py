"""gunicorn's settings after its defaults, variables, configuration file and options, in gunicorn's own order.

Source: `gunicorn.app.base.Application.load_config` and `gunicorn.config`.
"""

from typing import Literal, NamedTuple

from adaptable_preflight.checkout import join
from adaptable_preflight.model import Environment, Failure, Launch, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.grammar import Option, Parsed, is_integer
from adaptable_preflight.read.servers.grammar.argparse import parse
from adaptable_preflight.read.servers.grammar.shell_words import shell_split
from adaptable_preflight.read.servers.gunicorn.hooks import HOOKS, problem
from adaptable_preflight.read.servers.gunicorn.options import GRAMMAR, LISTS, SETTINGS, to_auto_integer
from adaptable_preflight.read.servers.gunicorn.validation import refused
from adaptable_preflight.read.servers.outcome import Trouble
from adaptable_preflight.read.servers.places import inside
from adaptable_preflight.read.servers.versions import refused_option
from adaptable_preflight.source import Span
from adaptable_preflight.value import Items, Known, Table, Unknown, Value, concat, show, stripped, text_of

Level = Literal["default", "variable", "file", "option"]

DEFAULT_FILE = "gunicorn.conf.py"


class Setting(NamedTuple):
    """One setting's value, and who decides it."""

    words: tuple[Word, ...]
    level: Level = "default"

    @property
    def value(self) -> Value:
        """The value of a setting that is no list."""
        return self.words[-1].value if self.words else Known(None)

    @property
    def text(self) -> str | None:
        """The value's text where it is known and not empty."""
        return text_of(self.value) or None


class Configuration(NamedTuple):
    """What gunicorn knows when it starts to serve."""

    settings: dict[str, Setting]
    target: Word | None
    parsed: Parsed
    folder: str
    """The working directory after `chdir`."""
    start: str
    """The working directory at the start."""
    problems: tuple[Trouble, ...]
    """What keeps gunicorn from starting, in the order in which it would notice, with its exit status."""

    def text(self, name: str) -> str | None:
        """Return a setting's known text; None where there is none."""
        setting = self.settings.get(name)
        return setting.text if setting is not None else None

    def is_on(self, name: str) -> Span | None:
        """Return where a flag is set, if it is."""
        setting = self.settings.get(name)
        value = setting.value if setting is not None else Known(False)
        on = isinstance(value, Known) and (value.value is True or str(value.value).lower().strip() == "true")
        return setting.words[-1].span if on and setting is not None else None


def gather(launch: Launch, context: Context) -> Configuration:
    """Return the settings of a command line with its environment and files."""
    return _Gathering(launch, context).run()


def gather_in_code(options: Table, launch: Launch, context: Context) -> Configuration:
    """Return the settings of a `BaseApplication`: variables and files are not read, but for gunicorn's own defaults."""
    return _Gathering(launch, context).run_with(options)


class _Gathering:
    def __init__(self, launch: Launch, context: Context) -> None:
        self.launch = launch
        self.context = context
        self.program = launch.words[0]
        self.settings: dict[str, Setting] = {}
        self.problems: list[Trouble] = []

    def run(self) -> Configuration:
        self._defaults(self.launch.env)
        parsed = parse(self.launch.words, GRAMMAR)
        self._note(parsed)
        variable = self._variable()
        self._file(parsed, variable)
        self._options(variable, "variable")
        self._options(parsed, "option")
        target = parsed.positionals[0] if parsed.positionals else None
        if target is None and "wsgi_app" in self.settings:
            target = self.settings["wsgi_app"].words[-1]
        if target is None and "paste" not in self.settings and parsed.failure is None:
            failure = Failure(
                "missing-app", "gunicorn is told no app: «No application module specified»", self.program.span
            )
            self.problems.append(Trouble(failure, 1))
        return Configuration(self.settings, target, parsed, self._folder(), self.launch.folder, tuple(self.problems))

    def run_with(self, options: Table) -> Configuration:
        self._defaults(self.launch.env)
        span = self.program.span
        for key, value in options.entries:
            name = (text_of(key) or "").lower()
            if name not in SETTINGS or name in HOOKS:
                self.problems.append(Trouble(Unknown(f"what «{name}» leads to is not known", key.span or span), None))
            elif not (isinstance(value, Known) and value.value is None):
                self._from_file(name, value, _span(value, span))
        if not options.complete:
            self.problems.append(Trouble(Unknown("not all settings are seen", options.span or span), None))
        return Configuration(
            self.settings, None, Parsed(), self.launch.folder, self.launch.folder, tuple(self.problems)
        )

    def _note(self, parsed: Parsed) -> None:
        if parsed.failure is not None:
            self.problems.append(Trouble(parsed.failure, 0 if parsed.failure.kind == "ends" else 2))
        if parsed.unknown is not None:
            self.problems.append(Trouble(parsed.unknown, None))
        refused_by_version = refused_option(parsed, self.context.installed, "gunicorn")
        if refused_by_version is not None:
            self.problems.append(Trouble(refused_by_version, 2))

    def _defaults(self, env: Environment) -> None:
        """Read the variables that gunicorn looks at while it is imported."""
        span = self.program.span
        workers = env.get("WEB_CONCURRENCY")
        if workers is not None:
            self.settings["workers"] = Setting((Word(workers, span),))
            text = text_of(workers)
            if text is not None and not (is_integer(text) and int(text) >= 0):
                message = f"gunicorn cannot make a number of workers of WEB_CONCURRENCY, which is «{text}»"
                self.problems.append(Trouble(Failure("rejected-option", message, span), 1))
        port = env.get("PORT")
        host = "127.0.0.1:8000" if port is None else "0.0.0.0:"
        bind = Known(host) if port is None else concat([Known(host), port])
        self.settings["bind"] = Setting((Word(bind, span),))
        for name in ("LISTEN_FDS", "LISTEN_PID"):
            number = text_of(env.get(name))
            if number is not None and not is_integer(number):
                message = f"gunicorn cannot make a number of {name}, which is «{number}»"
                self.problems.append(Trouble(Failure("rejected-option", message, span)))
        trusted = env.get("FORWARDED_ALLOW_IPS")
        if trusted is not None:
            self.settings["forwarded_allow_ips"] = Setting((Word(trusted, span),), "variable")
            self._check("forwarded_allow_ips", trusted, span, "the variable FORWARDED_ALLOW_IPS")

    def _variable(self) -> Parsed:
        value = self.launch.env.get("GUNICORN_CMD_ARGS")
        if value is None:
            return Parsed()
        span = _span(value, self.program.span)
        words = shell_split(value, span)
        if isinstance(words, Unknown):
            known = isinstance(value, Known)
            failure = Failure("rejected-option", "the quotation marks of GUNICORN_CMD_ARGS do not match", span)
            self.problems.append(Trouble(failure) if known else Trouble(words, None))
            return Parsed()
        parsed = parse((Word(Known("gunicorn"), span), *words), GRAMMAR)
        self._note(parsed)
        return parsed

    def _file(self, parsed: Parsed, variable: Parsed) -> None:
        """Execute the configuration file: the one of the command line, of the variable, or the default one."""
        chosen = next((w for w in (parsed.value("config"), variable.value("config")) if w and w.text != ""), None)
        if chosen is None:
            path = join(self.launch.folder, DEFAULT_FILE)
            if path is None or not self.context.checkout.is_file(path):
                return
            chosen = Word(Known(path), Span(path, 1, 1, 1, 1))
        else:
            named = self._named_file(chosen)
            if named is None:
                self._leave_open(chosen)
                return
            path = named
        values = self.context.python.values(path, self.launch.env, self.launch.folder)
        if values.failure is not None:
            self.problems.append(Trouble(values.failure, 1))
        if values.unknown is not None:
            self.problems.append(Trouble(values.unknown, None))
        source = self.context.checkout.text(path)
        hook = problem(source) if source is not None and not values.names.keys().isdisjoint(HOOKS) else None
        if hook is not None:
            self.problems.append(Trouble(hook, None))
        if values.open:
            self._leave_open(chosen)
        for name, value in values.names.items():
            if name in SETTINGS:
                self._from_file(name, value, _span(value, Span(path, 1, 1, 1, 1)))

    def _named_file(self, chosen: Word) -> str | None:
        """Return the path of a file that `-c` names; note a problem where there is none."""
        text = chosen.text
        if text is None:
            why = f"the configuration file «{show(chosen.value)}» is not known"
            self.problems.append(Trouble(Unknown(why, chosen.span), None))
            return None
        if text.startswith("python:"):
            stem = text.removeprefix("python:").replace(".", "/")
            names = [f"{stem}/__init__.py", f"{stem}.py"]
        else:
            names = [text.removeprefix("file:")]
        paths = [join(self.launch.folder, name) for name in names]
        found = next((path for path in paths if path and self.context.checkout.is_file(path)), None)
        if found is None and all(path is None for path in paths):
            why = f"the configuration file «{text}» lies outside the repository"
            self.problems.append(Trouble(Unknown(why, chosen.span), None))
        elif found is None:
            message = f"gunicorn finds no configuration file «{text}»"
            self.problems.append(Trouble(Failure("missing-file", message, chosen.span, _without_blanks(text)), 1))
        return found

    def _leave_open(self, chosen: Word) -> None:
        """Leave open what a file decides that is not read to its end, unless an option does."""
        unread = Unknown(f"the configuration file «{show(chosen.value)}» is not read to its end", chosen.span)
        left = ("bind", "workers", "threads")
        self.settings |= {name: Setting((Word(unread, chosen.span),), "file") for name in left}

    def _from_file(self, name: str, value: Value, span: Span) -> None:
        self._check(name, value, span, f"the setting «{name}»")
        if name in LISTS:
            entries = value.items if isinstance(value, Items) else () if _empty(value) else (value,)
            words = tuple(Word(stripped(entry), _span(entry, span)) for entry in entries)
            if isinstance(value, Items) and not value.complete:
                self.problems.append(Trouble(Unknown(f"«{name}» may hold more than is seen", span), None))
        elif isinstance(value, Known) and value.value is None:
            self.settings.pop(name, None)
            return
        else:
            words = (Word(value, span),)
        self.settings[name] = Setting(words, "file")

    def _options(self, parsed: Parsed, level: Level) -> None:
        for given in parsed.given:
            name = given.option.name
            if name not in SETTINGS or name == "config":
                continue
            if given.option.takes == "0":
                words: tuple[Word, ...] = (Word(Known(name != "sendfile"), given.span),)
            elif not given.words:
                words = (Word(Known("auto"), given.span),)
            else:
                words = tuple(Word(_typed(given.option, stripped(word.value)), word.span) for word in given.words)
            before = self.settings.get(name)
            if name in LISTS and before is not None and before.level == level:
                words = before.words + words
            self.settings[name] = Setting(words, level)
            if given.option.takes != "0":
                self._check(name, words[-1].value, words[-1].span, f"the option «{given.flag}»")

    def _check(self, name: str, value: Value, span: Span, what: str) -> None:
        why = refused(name, value, self.context.checkout, self.launch.folder)
        if why:
            kind: Literal["missing-file", "rejected-option"] = "missing-file" if name == "chdir" else "rejected-option"
            self.problems.append(Trouble(Failure(kind, f"gunicorn does not take {what}: {why}", span), 1))

    def _folder(self) -> str:
        chdir = self.settings.get("chdir")
        if chdir is None:
            return self.launch.folder
        text = chdir.text
        if text is None and isinstance(chdir.value, Known):
            return self.launch.folder
        there = None if text is None else inside(self.launch.folder, text)
        folder = text if there is None and text is not None and text.startswith("/") else there
        if folder is None:
            why = f"the folder «{show(chdir.value)}» is not known"
            self.problems.append(Trouble(Unknown(why, chdir.words[-1].span), None))
        return folder if folder is not None else self.launch.folder


def _typed(option: Option, value: Value) -> Value:
    """Return an option's argument as its own parser converts it."""
    text = text_of(value)
    if text is None or option.kind not in ("int", "auto_int"):
        return value
    number = to_auto_integer(text) if option.kind == "auto_int" else int(text) if is_integer(text) else None
    return value if number is None else Known(number, value.span)


def _span(value: Value, otherwise: Span) -> Span:
    return value.span or otherwise


def _empty(value: Value) -> bool:
    return isinstance(value, Known) and not value.value


def _without_blanks(name: str) -> str:
    """Return the advice for a file's name with a blank at its edge: an option and its value in one element."""
    plain = name.strip()
    return f'The blank is a part of the name: write «"-c", "{plain}"», as two elements.' if plain != name else ""
