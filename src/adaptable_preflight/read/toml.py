"""The tables of TOML files."""

import re
import tomllib
from functools import lru_cache
from typing import Any

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Unreadable
from adaptable_preflight.source import Source

_ERROR_PLACE = late_pattern(r"\(at line (\d+), column (\d+)\)")
_SIGN = late_pattern(
    r""""{3}(?:[^\\]|\\.)*?"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[][{},\n]""", re.DOTALL
)


@lru_cache(maxsize=4)
def load(source: Source) -> dict[str, Any] | Unreadable:
    """Return the tables of a TOML file, or why it is none. Nobody changes them: several readers ask for one file."""
    try:
        return tomllib.loads(source.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        match = _ERROR_PLACE.search(str(error))
        line = int(match[1]) if match else source.text.rstrip().count("\n") + 1
        why = f"it is no valid TOML: {str(error).partition(' (at')[0].lower()}"
        return Unreadable(source.path, _merge_hint(source, why), source.line_span(_merge_line(source) or line))
    except RecursionError:
        return Unreadable(source.path, "it is nested too deeply", source.start())


def value_at(table: Any, *keys: str) -> Any:
    """Return what stands at a path of keys; None where nothing does."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def table_at(table: Any, *keys: str) -> dict[str, Any]:
    """Return the table at a path of keys; an empty one where none stands there."""
    found = value_at(table, *keys)
    return found if isinstance(found, dict) else {}


def one_line_tables(text: str) -> str:
    """Return a text whose inline tables may extend over lines and end in a comma, as TOML 1.1 has them, for TOML 1.0.

    uv reads both. Source: https://toml.io/en/v1.1.0#inline-table
    """
    text = text.replace("\r\n", "\n")
    pieces: list[str] = []
    inside: list[str] = []
    end = 0
    for match in _SIGN.finditer(text):
        sign = match[0]
        pieces.append(text[end : match.start()])
        end = match.end()
        in_table = inside[-1:] == ["{"]
        if sign in ("[", "{"):
            inside.append(sign)
        elif sign in ("]", "}") and inside:
            inside.pop()
            last = next((index for index in reversed(range(len(pieces))) if pieces[index].strip()), 0)
            if sign == "}" and pieces[last] == ",":
                pieces[last] = ""
        elif in_table and sign[0] in "#\n":
            sign = " "
        pieces.append(sign)
    return "".join(pieces) + text[end:]


def _merge_line(source: Source) -> int:
    match = re.search(r"^(?:<{7}|>{7}) ", source.text, re.MULTILINE)
    return source.position(match.start())[0] if match else 0


def _merge_hint(source: Source, why: str) -> str:
    return "a merge left its markers behind" if _merge_line(source) else why
