"""`.env` files as python-dotenv reads them: https://github.com/theskumar/python-dotenv (parser.py, variables.py)."""

import re
from typing import NamedTuple

from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Environment
from adaptable_preflight.source import Source
from adaptable_preflight.value import FromEnv, Known, Value, concat

_BINDING = late_pattern(
    r"""[^\S\r\n]*(?:export[^\S\r\n]+)?(?P<key>'[^']+'|[^=\#\s]+)[^\S\r\n]*(?P<equals>=[^\S\r\n]*)?
        (?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\r\n]*)""",
    re.VERBOSE | re.DOTALL,
)
_VARIABLE = late_pattern(r"\$\{(?P<name>[^}:]*)(?::-(?P<default>[^}]*))?\}")
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t", "\\\\": "\\", '\\"': '"', "\\'": "'"}


class Binding(NamedTuple):
    """One line of the file: a name and what it is set to, `${…}` still as it is written."""

    name: str
    text: str
    start: int
    end: int
    expands: bool


def bindings(source: Source) -> tuple[Binding, ...]:
    """Return the lines that set a variable."""
    found = list[Binding]()
    at, text = 0, source.text
    while at < len(text):
        gap = re.compile(r"(?:\s|#[^\r\n]*)+").match(text, at)
        at = gap.end() if gap else at
        match = _BINDING.match(text, at)
        if match is None or match.end() == at:
            break
        if match["equals"] is not None:
            found.append(_binding(match))
        line_end = re.compile(r"[^\r\n]*").match(text, match.end())
        at = line_end.end() if line_end else match.end()
    return tuple(found)


def _binding(match: re.Match[str]) -> Binding:
    raw, start, end = match["value"], match.start("value"), match.end("value")
    quote = raw[:1] if raw[:1] in "'\"" and len(raw) > 1 and raw[-1:] == raw[:1] else ""
    if quote:
        escapes = r"\\[\\']" if quote == "'" else r"\\[\\'\"nrt]"
        raw = re.sub(escapes, lambda m: _ESCAPES.get(m[0], m[0]), raw[1:-1])
        start, end = start + 1, end - 1
    else:
        raw = re.sub(r"\s+#.*", "", raw).rstrip()
        end = start + len(raw)
    return Binding(match["key"].strip("'"), raw, start, end, expands=True)


def variables(source: Source, env: Environment, override: bool) -> dict[str, Value]:
    """Return the variables that loading the file sets. `override`: those win that the file sets itself."""
    values: dict[str, Value] = {}
    for binding in bindings(source):
        span = source.span(binding.start, binding.end)
        pieces: list[Value] = []
        at = 0
        for match in _VARIABLE.finditer(binding.text):
            pieces.append(Known(binding.text[at : match.start()], span))
            pieces.append(_lookup(match, values, env, override))
            at = match.end()
        pieces.append(Known(binding.text[at:], span))
        values[binding.name] = concat(pieces, span)
    return values


def _lookup(match: re.Match[str], values: dict[str, Value], env: Environment, override: bool) -> Value:
    name, default = match["name"], match["default"]
    places = (values.get(name), env.get(name)) if override else (env.get(name), values.get(name))
    value = next((v for v in places if v is not None), None)
    if value is not None:
        return value
    return Known(default or "") if env.closed else FromEnv(name, Known(default or ""))


def loaded(source: Source, env: Environment, override: bool) -> Environment:
    """Return the environment after loading the file. `override`: the file's variables win over those that are set."""
    merged = dict(env.variables)
    for name, value in variables(source, env, override).items():
        if override or name not in merged:
            merged[name] = value
    return env._replace(variables=merged)
