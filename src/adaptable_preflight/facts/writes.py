"""Which calls of the served code write a file, and which argument names it."""

from typing import NamedTuple

from adaptable_preflight.facts.databases import SERVED
from adaptable_preflight.facts.requests import uploaded
from adaptable_preflight.facts.stored_models import LOCAL, stores_locally
from adaptable_preflight.facts.video_downloads import downloaded
from adaptable_preflight.model import Call, Code
from adaptable_preflight.value import Argument, Known, Thing, Value, concat, known_text


class FileWrite(NamedTuple):
    """A call that writes a file."""

    call: Call
    path: Value
    upload: bool = False
    """Whether what is written was uploaded."""


class Writer(NamedTuple):
    """A call that writes a file, and the argument that names it; position -1: the receiver is the path."""

    position: int
    keyword: str = ""
    default: str = ""
    """The folder into which it writes where it is told none; empty: it writes nothing then, or gives what it made."""


PATHS: dict[str, Writer] = {
    "PurePosixPath.write_text": Writer(-1),
    "PurePosixPath.write_bytes": Writer(-1),
    "pathlib.Path.write_text": Writer(-1),
    "pathlib.Path.write_bytes": Writer(-1),
    "shutil.copy": Writer(1, "dst"),
    "shutil.copy2": Writer(1, "dst"),
    "shutil.copyfile": Writer(1, "dst"),
    "shutil.move": Writer(1, "dst"),
    "shutil.copytree": Writer(1, "dst"),
    "shutil.unpack_archive": Writer(1, "extract_dir", "."),
    "zipfile.ZipFile.extract": Writer(1, "path", "."),
    "zipfile.ZipFile.extractall": Writer(0, "path", "."),
    "tarfile.open.extractall": Writer(0, "path", "."),
    "urllib.request.urlretrieve": Writer(1, "filename"),
    "urllib.urlretrieve": Writer(1, "filename"),
    "pyautogui.screenshot": Writer(0, "imageFilename"),
    "wget.download": Writer(1, "out"),
    "cv2.imwrite": Writer(0, "filename"),
    "cv2.VideoWriter": Writer(0, "filename"),
    "imageio.imwrite": Writer(0, "uri"),
    "imageio.mimsave": Writer(0, "uri"),
    "skimage.io.imsave": Writer(0, "fname"),
    "numpy.save": Writer(0, "file"),
    "numpy.savez": Writer(0, "file"),
    "numpy.savez_compressed": Writer(0, "file"),
    "numpy.savetxt": Writer(0, "fname"),
    "joblib.dump": Writer(1, "filename"),
    "torch.save": Writer(1, "f"),
    "matplotlib.pyplot.savefig": Writer(0, "fname"),
    "matplotlib.pyplot.imsave": Writer(0, "fname"),
    "soundfile.write": Writer(0, "file"),
    "scipy.io.wavfile.write": Writer(0, "filename"),
    "gtts.gTTS.save": Writer(0, "savefile"),
    "pyttsx3.init.save_to_file": Writer(1, "filename"),
    "pdfkit.from_string": Writer(1, "output_path"),
    "pdfkit.from_file": Writer(1, "output_path"),
    "pdfkit.from_url": Writer(1, "output_path"),
    "weasyprint.HTML.write_pdf": Writer(0, "target"),
    "reportlab.pdfgen.canvas.Canvas": Writer(0, "filename"),
    "reportlab.platypus.SimpleDocTemplate": Writer(0, "filename"),
    "xlsxwriter.Workbook": Writer(0, "filename"),
    "pandas.ExcelWriter": Writer(0, "path"),
    "requests_toolbelt.downloadutils.stream.stream_response_to_file": Writer(1, "path"),
}
"""Calls that write the file that they are told. Sources: the reference documentation of each library."""

OPENERS = frozenset(
    "open io.open codecs.open aiofiles.open gzip.open bz2.open lzma.open zipfile.ZipFile tarfile.open wave.open".split()
)
PATH_OPENERS = frozenset({"PurePosixPath.open", "pathlib.Path.open", "anyio.Path.open"})
METHODS: dict[str, Writer] = {
    **dict.fromkeys(("to_csv", "to_excel", "to_json", "to_parquet", "to_pickle", "to_html", "to_feather"), Writer(0)),
    **dict.fromkeys(("savefig", "write_html", "write_image", "output", "save_to_file", "export"), Writer(0)),
    **dict.fromkeys(("save", "save_local", "to_file"), Writer(0)),
    "download": Writer(0, "output_path", "."),
}
"""Methods of library objects that write a file when they are told a path."""

SAVERS = (
    "PIL.",
    "pyautogui.",
    "openpyxl.",
    "docx.",
    "pptx.",
    "qrcode.",
    "gtts.",
    "matplotlib.",
    "fpdf.",
    "pydub.",
    "plotly.",
    "wordcloud.",
    "langchain",
    "pytube",
)
"""The libraries whose objects write a file by methods whose names say little, such as `save`."""
FRAMES = ("pandas.", "polars.", "geopandas.", "dask.")

STORAGES = frozenset(f"{name}.save" for name in LOCAL)
DEFAULT_STORAGE = "django.core.files.storage.default_storage.save"
"""What saves a file in a storage of Django and returns its name; the default one may lie elsewhere.

Source: https://docs.djangoproject.com/en/stable/ref/files/storage/
"""
UPLOAD_SETS = ("flask_uploads.UploadSet.save", "flask_reuploaded.UploadSet.save")


def writes(code: Code) -> tuple[FileWrite, ...]:
    """Return each call of the served code that writes a file on the disk, in the order of the code."""
    found: list[FileWrite] = []
    for call in code.calls:
        path = (_path_of(call) or _stored(call, code)) if call.phase in SERVED else None
        if path is not None:
            inputs = (call.receiver, *(a.value for a in call.arguments if a.value is not path))
            found.append(FileWrite(call, path, any(uploaded(value) for value in inputs)))
    return tuple(dict.fromkeys(found))


def _path_of(call: Call) -> Value | None:
    """Return the path of the file that a call writes; None where it writes none."""
    writer = PATHS.get(call.name)
    owner, _, method = call.name.rpartition(".")
    if writer is not None and writer.position < 0:
        return call.receiver
    if writer is not None:
        return _told(call, writer)
    if call.name == "shutil.make_archive":
        return _archive(call)
    if call.name in OPENERS or call.name in PATH_OPENERS:
        return opened(call.name, call.arguments, call.receiver)
    if method in ("write", "writelines", "copyfileobj"):
        return _written_into(call)
    if method in METHODS and _saves(owner, method, call):
        return _told(call, METHODS[method]._replace(keyword=METHODS[method].keyword or "path"))
    return Known("uploads") if call.name in UPLOAD_SETS else downloaded(call)


def _told(call: Call, writer: Writer) -> Value | None:
    told = _value(call.argument(writer.position, writer.keyword))
    return Known(writer.default) if told is None and writer.default else told


def _archive(call: Call) -> Value | None:
    """Return the file that `shutil.make_archive(base_name, format)` makes.

    Source: https://docs.python.org/3/library/shutil.html#shutil.make_archive
    """
    base, kind = call.argument(0, "base_name"), call.argument(1, "format")
    ending = _ENDINGS.get(known_text(kind.value) or "") if kind is not None else None
    return concat([base.value, Known(ending)]) if base is not None and ending else _value(base)


_ENDINGS = {"zip": ".zip", "tar": ".tar", "gztar": ".tar.gz", "bztar": ".tar.bz2", "xztar": ".tar.xz"}


def _stored(call: Call, code: Code) -> Value | None:
    """Return the name that a storage of Django gives to a file that it writes on the disk."""
    if call.name in STORAGES or (call.name == DEFAULT_STORAGE and stores_locally(code)):
        return Thing(call.name, "instance", call.span, call.arguments, call.receiver)
    return None


def _value(argument: Argument | None) -> Value | None:
    return argument.value if argument is not None else None


def _saves(owner: str, method: str, call: Call) -> bool:
    if method.startswith("to_") and method != "to_file":
        return owner.startswith(FRAMES) or "DataFrame" in owner
    if method == "save" and uploaded(call.receiver):
        return True
    return owner.startswith(SAVERS)


def opened(name: str, arguments: tuple[Argument, ...], receiver: Value | None) -> Value | None:
    """Return the path of a file that is opened for writing."""
    positional = [a.value for a in arguments if not a.name]
    named = {a.name: a.value for a in arguments if a.name}
    if not set(_mode(name, arguments)) & set("wax+"):
        return None
    if name in PATH_OPENERS:
        return receiver
    return named.get("file", named.get("filename", positional[0] if positional else None))


def _mode(name: str, arguments: tuple[Argument, ...]) -> str:
    """Return how a file is opened; empty where nothing or nobody tells."""
    positional = [a.value for a in arguments if not a.name]
    at = 0 if name in PATH_OPENERS else 1
    mode = next((a.value for a in arguments if a.name == "mode"), positional[at] if len(positional) > at else None)
    return known_text(mode) or ""


def appends(call: Call) -> bool:
    """Whether a call adds to a file and leaves what it holds."""
    return (call.name in OPENERS or call.name in PATH_OPENERS) and "a" in _mode(call.name, call.arguments)


def _written_into(call: Call) -> Value | None:
    """Return the path of the file into which an upload is copied: `open(path, "wb").write(await file.read())`."""
    target = call.receiver
    if call.name == "shutil.copyfileobj":
        target = _value(call.argument(1, "fdst"))
    if not uploaded(_value(call.argument(0, "fsrc"))):
        return None
    if isinstance(target, Thing) and (target.name in OPENERS or target.name in PATH_OPENERS):
        return opened(target.name, target.arguments, target.of)
    return None
