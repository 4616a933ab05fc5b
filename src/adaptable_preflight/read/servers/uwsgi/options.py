"""uWSGI's table of options, and the files that hold them.

Sources: the option tables of uWSGI's C sources and `uwsgi --help` of uWSGI 2.0.31; `core/ini.c`, `core/yaml.c`,
`core/json.c`, `core/xmlconf.c`.
"""

from functools import cache
from importlib.resources import files

from adaptable_preflight.read.servers.grammar import Option, Takes
from adaptable_preflight.read.servers.grammar.getopt import Grammar

VERSION = "2.0.31"


@cache
def options() -> tuple[Option, ...]:
    """Return every option; the table is read when it is first needed."""
    text = files(__package__).joinpath("options.txt").read_text(encoding="utf-8")
    return tuple(_option(line.split()) for line in text.splitlines() if not line.startswith("#"))


def _option(cells: list[str]) -> Option:
    name, *rest = cells
    takes: Takes = "0" if "flag" in rest else "?" if "takes=?" in rest else "1"
    letters = tuple(cell for cell in rest if cell.startswith("-"))
    return Option(name, (f"--{name}", *letters), takes)


@cache
def names() -> frozenset[str]:
    """Return the names of every option."""
    return frozenset(option.name for option in options())


def grammar() -> Grammar:
    """Return the grammar of the command line."""
    return Grammar("uwsgi", options(), permutes=True)
