"""What the deployed code runs or loads of the system: programs that calls start, libraries that imports need."""

import ntpath
from collections.abc import Iterator
from typing import Final, NamedTuple

from adaptable_preflight.facts.given import gives
from adaptable_preflight.facts.video_downloads import DOWNLOADERS
from adaptable_preflight.knowledge.presence import presence
from adaptable_preflight.knowledge.system_needs import COMMANDS, LOADED, PARTS, Part, part_run_by
from adaptable_preflight.late_pattern import late_pattern
from adaptable_preflight.model import Call, Deployment, Guard, Import, Phase
from adaptable_preflight.source import Span
from adaptable_preflight.value import FromEnv, Items, Known, Table, Thing, Value, leading, text_of

_SHELLS: Final = frozenset(
    "os.system os.popen subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen "
    "subprocess.getoutput asyncio.create_subprocess_exec asyncio.create_subprocess_shell".split()
)
_FIRST_WORD = late_pattern(r"\s*(?:/usr/(?:local/)?bin/)?([\w.+-]+)(?:\s|$)")
_UNCONVERTED: Final = frozenset({"wav", "raw"})
"""What pydub reads and writes by itself (https://github.com/jiaaro/pydub/blob/v0.25.1/pydub/audio_segment.py)."""
_SETS_PATH: Final = {
    "pytesseract.pytesseract.tesseract_cmd=": "tesseract",
    "pytesseract.tesseract_cmd=": "tesseract",
    "pydub.AudioSegment.converter=": "ffmpeg",
    "pydub.AudioSegment.ffmpeg=": "ffmpeg",
}
"""Attributes that tell where a program is."""


class Need(NamedTuple):
    """A place of the code that cannot do without a part of the system."""

    part: Part
    span: Span
    what: str
    """What needs it: the call's or the module's name."""
    phase: Phase
    guards: tuple[Guard, ...] = ()
    caught: bool = False
    loads: bool = False
    """Whether an import needs it, which fails at once."""


def needs(deployment: Deployment) -> Iterator[Need]:
    """Yield each place that needs a part of the system, in the code that the app runs."""
    yield from _loaded(deployment)
    calls = [call for call in deployment.code.calls if call.phase in ("import", "request", "background")]
    modules = {one.module.partition(".")[0] for one in deployment.code.imports}
    elsewhere = _asked(calls) | {
        _SETS_PATH[call.name]
        for call in calls
        if call.name in _SETS_PATH and not _stays(call.arguments[0].value, deployment)
    }
    for call in calls:
        part = _run(call, deployment)
        if part is not None and elsewhere.isdisjoint({part.name, ""}) and modules.isdisjoint(part.modules):
            yield Need(part, call.span, call.name, call.phase, call.guards, call.caught)


def _asked(calls: list[Call]) -> set[str]:
    """Return the programs that the app looks for by itself; an empty text where it is not known which."""
    return {text_of(c.arguments[0].value) or "" for c in calls if c.name == "shutil.which" and c.arguments}


def _stays(value: Value, deployment: Deployment) -> bool:
    """Whether a program that is given by its path is still the one of the system, or of a machine with Windows."""
    if isinstance(value, FromEnv):
        windows = value.default is not None and _is_of_windows(leading(value.default))
        return windows and not gives(deployment, value.name)
    path = text_of(value)
    if path is None:
        return _is_of_windows(leading(value))
    return _is_of_windows(path) or "/" not in path or path.startswith(("/usr/bin/", "/usr/local/bin/", "/bin/"))


def _is_of_windows(path: str) -> bool:
    return bool(ntpath.splitdrive(path)[0]) or path.lower().endswith(".exe")


def _run(call: Call, deployment: Deployment) -> Part | None:
    """Return the program that a call starts."""
    if call.name in _SHELLS:
        return _started(call)
    if call.name in DOWNLOADERS:
        return PARTS["ffmpeg"] if _converts(call) else None
    if call.name.startswith("pydub."):
        return PARTS["ffmpeg"] if _transcodes(call) else None
    found = part_run_by(call.name)
    if found is None:
        return None
    part, option = found
    if call.name == "cv2.VideoCapture" and not _is_number(call):
        return None  # a file, or the address of a stream
    told = next((a.value for a in call.arguments if a.name == option), None) if option else None
    if isinstance(told, Thing):  # such as pdfkit.configuration(…), which is reported itself
        return None
    given = told is not None and not (isinstance(told, Known) and told.value is None)
    return None if given and told is not None and not _stays(told, deployment) else part


def _is_number(call: Call) -> bool:
    """Whether the first argument is the number of a device."""
    first = call.arguments[0].value if call.arguments else None
    return isinstance(first, Known) and isinstance(first.value, int)


def _started(call: Call) -> Part | None:
    """Return the program of a command, unless the code goes on without it."""
    command = call.arguments[0].value if call.arguments and not call.caught else None
    first = command.items[0] if isinstance(command, Items) and command.items else command
    text = leading(first) if first is not None else ""
    match = _FIRST_WORD.match(text)
    whole = match is not None and (match[0] != text or match[0][-1:].isspace() or text_of(first) is not None)
    return PARTS[match[1]] if match is not None and whole and match[1] in COMMANDS else None


def _converts(call: Call) -> bool:
    """Whether a download ends with a conversion, for which yt-dlp and youtube-dl run ffmpeg."""
    made = call.receiver.arguments if isinstance(call.receiver, Thing) else ()
    options = next((argument.value for argument in made if isinstance(argument.value, Table)), None)
    fetches = call.argument(1, "download") if call.name.endswith("extract_info") else None
    looks = fetches is not None and isinstance(fetches.value, Known) and fetches.value.value is False
    if options is None or looks or options.get("ffmpeg_location") is not None:
        return False
    steps = options.get("postprocessors")
    keys = [step.get("key") for step in steps.items if isinstance(step, Table)] if isinstance(steps, Items) else []
    merges = "+" in (text_of(options.get("format")) or "").partition("/")[0]
    return merges or any((text_of(key) or "").startswith("FFmpeg") for key in keys)


def _transcodes(call: Call) -> bool:
    """Whether pydub reads or writes another format than it does by itself."""
    verb = call.name.rpartition(".")[2]
    told = call.argument(1, "format")
    if verb == "export":  # mp3, if nothing else is said
        return told is None or text_of(told.value) not in (None, *_UNCONVERTED)
    named = call.argument(0, "file")
    named = named if told is None else told
    read = (text_of(named.value) or "" if named is not None else "").rpartition(".")[2]
    return verb in ("from_mp3", "from_ogg", "from_flv") or (verb == "from_file" and read not in _UNCONVERTED)


def _loaded(deployment: Deployment) -> Iterator[Need]:
    """Yield the imports that load a part."""
    for one in deployment.code.imports:
        for module in _modules(one) if not one.guarded and one.phase in ("import", "request") else ():
            found = LOADED.get(module)
            if found is None:
                continue
            part, names, but = found
            have = any(presence(deployment.installed, name).installed is True for name in names)
            others = any(presence(deployment.installed, name).installed is not False for name in but)
            if have and not others:
                yield Need(PARTS[part], one.span, module, one.phase, loads=True)


def _modules(one: Import) -> Iterator[str]:
    """Yield the modules of an import by which it may be known, the outermost first."""
    parts = one.module.split(".")
    yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))
    yield from (f"{one.module}.{name}" for name in one.names)
