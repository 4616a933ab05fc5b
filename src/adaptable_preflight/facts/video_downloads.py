"""Where youtube-dl and yt-dlp put what they download.

Source: `YoutubeDL.py` of both: `outtmpl` is a text, or for yt-dlp a dictionary with `default`; `paths` has the folder.
"""

from typing import Final

from adaptable_preflight.model import Call
from adaptable_preflight.value import Concat, Known, Table, Thing, Value, concat, text_of

DOWNLOADERS: Final = frozenset(
    f"{library}.YoutubeDL.{method}" for library in ("youtube_dl", "yt_dlp") for method in ("download", "extract_info")
)
_DEFAULT: Final = Known("%(title)s [%(id)s].%(ext)s")


def downloaded(call: Call) -> Value | None:
    """Return the template of the files that a call downloads; None where there are none or nobody knows where to."""
    options = _options(call)
    told = call.argument(1, "download") if call.name.endswith("extract_info") else None
    if call.name not in DOWNLOADERS or options is None or (told is not None and _is(told.value, False)):
        return None
    if any(_is(options.get(name), True) for name in ("skip_download", "simulate")):
        return None
    template = options.get("outtmpl")
    if isinstance(template, Table):
        template = template.get("default")
    if template is None and not options.complete:
        return None
    template = template or _DEFAULT
    return None if text_of(template) == "-" else _below(options.get("paths"), template)


def _options(call: Call) -> Table | None:
    """Return what the downloader was made with; an empty table where that is nothing."""
    made = call.receiver
    if not isinstance(made, Thing):
        return None
    given = next((a.value for a in made.arguments if a.name in ("", "params")), None)
    return Table(()) if given is None else given if isinstance(given, Table) else None


def _below(paths: Value | None, template: Value) -> Value | None:
    """Return a template seen from the folder in which it counts."""
    home = paths.get("home") if isinstance(paths, Table) else None
    if paths is None or (isinstance(paths, Table) and home is None):
        return template
    return concat([home, Known("/"), template]) if isinstance(home, Known | Concat) else home


def _is(value: Value | None, wanted: bool) -> bool:
    return isinstance(value, Known) and value.value is wanted
