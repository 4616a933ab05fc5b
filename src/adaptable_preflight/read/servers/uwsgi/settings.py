"""uWSGI's settings after variables, command line and files, with their placeholders filled in.

Source: `uwsgi_setup`, `uwsgi_commandline_config`, `parse_sys_envs` and `uwsgi_apply_config_pass` of uWSGI 2.0.31.
"""

import os
import re
from typing import NamedTuple

from adaptable_preflight.checkout import join
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Failure, Launch, Word
from adaptable_preflight.read.context import Context
from adaptable_preflight.read.servers.grammar.getopt import parse
from adaptable_preflight.read.servers.outcome import Trouble
from adaptable_preflight.read.servers.uwsgi.files import Setting, kind_of, read_file
from adaptable_preflight.read.servers.uwsgi.options import grammar, names
from adaptable_preflight.source import Span
from adaptable_preflight.value import Concat, FromEnv, Known, Unknown, Value, concat, show, text_of

OWN_VARIABLES = frozenset(
    "RELOADS VASSALS_DIR EMPEROR_FD BROODLORD_NUM EMPEROR_FD_CONFIG EMPEROR_PROXY JAIL_PID ORIGINAL_PROC_NAME".split()
)
"""Variables `UWSGI_…` that are no options."""
LOADERS = {"ini": "ini", "yaml": "yaml", "yml": "yaml", "json": "json", "js": "json", "xml": "xml", "xmlconfig": "xml"}
LOGIC = late_pattern(r"include$|inherit$|declare-option")
BLOCKS = late_pattern(r"if-|for(?:-|$)")
ENDS = frozenset({"end", "endfor", "endif", "end-if", "end-for"})
MAX_FILES = 20
_PLACEHOLDER = late_pattern(r"\$\(([^()]*)\)|%\(([^()]*)\)")
_MAGIC = late_pattern(r"%(?![(%])")


class Given(NamedTuple):
    """One option that counts."""

    name: str
    word: Word
    """Its argument; an empty text for a flag without one."""


class Settings(NamedTuple):
    """Every option in the order in which uWSGI applies them."""

    given: tuple[Given, ...]
    lazy: tuple[Word, ...]
    """The words of the command line that are neither options nor files of options."""
    troubles: tuple[Trouble, ...]

    @property
    def unread(self) -> bool:
        """Whether there may be more options, in a file that cannot be read or told."""
        return any(isinstance(trouble.problem, Unknown) for trouble in self.troubles)

    def words(self, *wanted: str) -> tuple[Word, ...]:
        """Return the arguments of options by their names."""
        return tuple(given.word for given in self.given if given.name in wanted)

    def last(self, *wanted: str) -> Word | None:
        """Return the argument that counts where each one replaces the one before."""
        found = self.words(*wanted)
        return found[-1] if found else None

    def is_on(self, *wanted: str) -> Span | None:
        """Return where a flag is set, if it is."""
        word = self.last(*wanted)
        off = word is not None and (word.text or "").lower() in ("false", "off", "no", "0")
        return word.span if word is not None and not off else None


def gather(launch: Launch, context: Context) -> Settings:
    """Return the settings of a command line with its variables and files."""
    return _Gathering(launch, context).run()


class _Gathering:
    def __init__(self, launch: Launch, context: Context) -> None:
        self.launch = launch
        self.context = context
        self.given: list[Given] = []
        self.troubles: list[Trouble] = []
        self.placeholders: dict[str, Word] = {}
        self.passes: bool | None = None
        """Whether the options of an open condition count; None outside."""
        self.undecided = False
        """Whether that cannot be told: no option of such a block is claimed, of neither of its sides."""
        self.data = ""
        self.files = 0

    def run(self) -> Settings:
        place = self.launch.words[0].span
        for name, value in self.launch.env.variables.items():
            if name.startswith("UWSGI_") and name[6:] not in OWN_VARIABLES:
                self._add(name[6:].lower().replace("_", "-"), Word(value, value.span or place))
        parsed = parse(self.launch.words, grammar())
        if parsed.failure is not None:
            self.troubles.append(Trouble(parsed.failure))
        for given in parsed.given:
            self._add(given.option.name, given.words[-1] if given.words else Word(Known(""), given.span))
        lazy = [word for word in parsed.positionals if not self._lazy(word)]
        expanded = tuple(given._replace(word=self._expanded(given.word)) for given in self.given)
        return Settings(expanded, tuple(lazy), tuple(self.troubles))

    def _lazy(self, word: Word) -> bool:
        """Take a bare word as a file of options where its name says so."""
        text = word.text
        if text is None:
            self.troubles.append(Trouble(Unknown(f"«{show(word.value)}» is not known", word.span), None))
            return True
        if text.startswith("["):
            return True
        kind = kind_of(text.partition(":")[0])
        if kind is None or kind not in names():
            message = f"uwsgi cannot load a configuration from «{text}»"
            self.troubles.append(Trouble(Failure("missing-file", message, word.span)))
            return False
        self._load(word, kind)
        return True

    def _add(self, name: str, word: Word) -> None:
        if self._skipped(name, word):
            return
        if self.data and "%(_)" in (word.text or ""):
            word = word._replace(value=Known((word.text or "").replace("%(_)", self.data), word.value.span))
        if name in LOADERS:
            self._load(word, LOADERS[name])
        elif LOGIC.match(name) and name in names():
            why = f"uWSGI's option «{name}» decides over other options"
            self.troubles.append(Trouble(Unknown(why, word.span), None))
        elif name in ("set", "set-placeholder", "set-ph"):
            key, _, value = (word.text or "").partition("=")
            if name == "set":
                self._add(key, Word(Known(value, word.span), word.span))
            elif key in names():
                message = f"uwsgi has an option «{key}», which therefore cannot be a placeholder"
                self.troubles.append(Trouble(Failure("rejected-option", message, word.span)))
            else:
                self.placeholders[key] = Word(Known(value, word.span), word.span)
        else:
            self.given.append(Given(name, word))

    def _skipped(self, name: str, word: Word) -> bool:
        """Follow `if-env`, `if-not-env`, `else` and `endif`; tell whether an option does not count."""
        if name in ENDS:
            self.passes, self.undecided, self.data = None, False, ""
        elif name == "else" and self.passes is not None:
            self.passes, self.data = not self.passes and not self.undecided, ""
        elif name in ("if-env", "if-not-env") and word.text is not None and "=" not in word.text:
            value = self.launch.env.get(word.text)
            self.passes, self.data = (value is not None) == (name == "if-env"), text_of(value) or ""
        elif BLOCKS.match(name) and name in names():
            why = f"uWSGI's option «{name}» decides over other options"
            self.troubles.append(Trouble(Unknown(why, word.span), None))
            self.passes, self.undecided = False, True
        else:
            return self.passes is False
        return True

    def _load(self, word: Word, kind: str) -> None:
        text = word.text
        if text is None:
            self.troubles.append(Trouble(Unknown(f"«{show(word.value)}» is not known", word.span), None))
            return
        name, _, section = text.partition(":")
        path = join(self.launch.folder, name)
        self.files += 1
        if path is None or self.files > MAX_FILES:
            why = f"the configuration file «{name}» lies outside the repository"
            self.troubles.append(Trouble(Unknown(why, word.span), None))
            return
        source = self.context.checkout.text(path)
        if source is None:
            message = f"uwsgi finds no configuration file «{name}»"
            self.troubles.append(Trouble(Failure("missing-file", message, word.span)))
            return
        found = read_file(source, kind, section or "uwsgi")
        if isinstance(found, Unknown):
            self.troubles.append(Trouble(found, None))
            return
        for setting in found:
            self._add(setting.name, Word(_magic(setting, path, self.launch.folder), setting.span))

    def _expanded(self, word: Word) -> Word:
        """Fill in `$(VARIABLE)` and `%(option)`."""
        pieces = word.value.parts if isinstance(word.value, Concat) else (word.value,)
        parts: list[Value] = []
        for piece in pieces:
            text = text_of(piece)
            parts += [piece] if text is None else self._pieces(text, word.span)
        return Word(concat(parts, word.value.span), word.span)

    def _pieces(self, text: str, span: Span) -> list[Value]:
        parts: list[Value] = []
        at = 0
        for match in _PLACEHOLDER.finditer(text):
            parts.append(Known(text[at : match.start()]))
            parts.append(self._variable(match[1], match[0]) if match[1] is not None else self._option(match[2], span))
            at = match.end()
        return [*parts, Known(text[at:])]

    def _variable(self, name: str, whole: str) -> Value:
        value = self.launch.env.get(name)
        if value is None and not self.launch.env.closed:
            return FromEnv(name)
        return Known(whole) if value is None else value

    def _option(self, name: str, span: Span) -> Value:
        word = next((given.word for given in reversed(self.given) if given.name == name), self.placeholders.get(name))
        if word is None:
            return Unknown(f"uWSGI's placeholder «{name}» is not known", span)
        return word.value if "(" not in (word.text or "") else self._expanded(word).value


def _magic(setting: Setting, path: str, folder: str) -> Value:
    """Return a setting's value, with what stands for parts of the file's own path filled in.

    Source: `init_magic_table` in `core/uwsgi.c`; https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html#magic-variables
    """
    text = setting.text or ""
    if "%" not in text or not _MAGIC.search(text):
        return Known(text.replace("%%", "%"), setting.span)
    if re.search(r"%(?![(dsne])", text) is not None:
        return Unknown(f"«{text}» holds a magic variable of uWSGI", setting.span)
    parent, _, name = path.rpartition("/")
    where = os.path.relpath(parent or ".", folder or ".")
    stem, _, suffix = name.rpartition(".")
    magic = {"d": "" if where == "." else f"{where}/", "s": name, "n": stem or name, "e": suffix if stem else ""}
    filled = re.sub(r"%(?:(d)/?|([sne]))", lambda match: magic[match[1] or match[2]], text)
    return Known(filled or ".", setting.span)
