"""What makes a stranger's text safe: on a terminal, in a runner's log, in Markdown, in JSON. One place for all.

A runner reads commands from the log: `::name …::text` at the start of a line and `##[name …]text` anywhere in one,
with white space of any kind before it, and it ends a line at a lone carriage return too. A terminal obeys control
sequences, and bidirectional marks let a line lie about what it says.
"""

import re

from adaptable_preflight.late_pattern import late_pattern

_CONTROL = late_pattern("[\x00-\x1f\x7f]")
_SUSPECT = late_pattern("[^\x20-\x7e]")
_PUNCTUATION = late_pattern("[^\\w ,;…–·«»]|_", re.ASCII)
_IGNORABLE = frozenset((0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10)))
"""Code points that are not format characters and yet take no room, so that a comparison may skip them."""
_VARIATIONS = range(0xE0000, 0xE1000)

_HINTS = ("://", "gh", "github_pat_", "xox", "AKIA", "AIza", "k_live_", "SG.", "eyJ")
_NAMES = ("passw", "pwd", "secret", "key", "token")
_CREDENTIAL = (
    r"""(?P<url>://[^\s/:@'"]*:)(?P<password>[^\s/@'"${%<][^\s/@'"]*)(?=@)"""
    r"""|(?P<token>\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}"""
    r"""|[sr]k_live_\w{10,}|SG\.[\w-]{16,}\.[\w-]{16,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})\b)"""
    r"""|(?P<name>(?:password|passwd|pwd|secret(?:_?key)?|api_?key|access_?key|auth_?token|access_?token|private_?key)"""
    r"""['"\]]*\s*[:=]\s*)(?P<quote>['"])(?P<value>[^'"]{4,})(?=(?P=quote))"""
)
"""What looks like a credential: it is compiled when the first text that may hold one is shown."""


def masked(text: str) -> str:
    """Replace what looks like a credential by stars, one for each character, so that columns stay true."""
    if not any(hint in text for hint in _HINTS) and not any(hint in text.lower() for hint in _NAMES):
        return text
    return re.sub(_CREDENTIAL, _stars, text, flags=re.IGNORECASE)


def _stars(match: re.Match[str]) -> str:
    if match["password"]:
        return match["url"] + "*" * len(match["password"])
    if match["token"]:
        return "*" * len(match["token"])
    return match["name"] + match["quote"] + "*" * len(match["value"])


def one_line(text: str) -> str:
    """Return text as one line of visible characters: all others are written as Python would escape them."""
    text = masked(text)
    if text.isascii():
        return _CONTROL.sub(_named, text)
    return _SUSPECT.sub(_visible, text)


def _named(match: re.Match[str]) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(match[0], f"\\x{ord(match[0]):02x}")


def _visible(match: re.Match[str]) -> str:
    from unicodedata import category

    character = match[0]
    code = ord(character)
    if code < 0x80:
        return _named(match)
    hidden = category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or code in _IGNORABLE
    if not hidden and code not in _VARIATIONS and not (character.isspace()):
        return character
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def columns(text: str, start: int, end: int) -> tuple[str, int, int]:
    """Return a source line as `one_line` shows it (tabs as four spaces), and where two of its columns are then."""
    text = masked(text)

    def shown(piece: str) -> str:
        parts = (part if part.isascii() else _SUSPECT.sub(_visible, part) for part in piece.split("\t"))
        return "    ".join(_CONTROL.sub(_named, part) for part in parts)

    before, inside = shown(text[: start - 1]), shown(text[start - 1 : end - 1])
    return before + inside + shown(text[end - 1 :]), len(before) + 1, len(before) + len(inside) + 1


def width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def log_safe(text: str) -> str:
    """Break whatever a runner would read as a command, line by line, with a character that can be seen."""
    if "##[" in text:
        text = text.replace("##[", "##\\[")
    if "::" not in text:
        return text
    return "\n".join("\\" + line if line.lstrip().startswith("::") else line for line in text.split("\n"))


def markdown(text: str) -> str:
    """Return text that GitHub's Markdown shows as it is, also within HTML: its punctuation is written by numbers."""
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", text)


def json_text(value: object) -> str:
    """Return JSON that can stand in a log: ASCII, and no text in it opens a command."""
    import json

    return json.dumps(value, indent=2).replace("##[", "##\\u005b") + "\n"
