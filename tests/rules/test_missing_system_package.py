"""`missing-system-package`: programs and libraries that no Python package holds."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.knowledge import system_needs

Check = Callable[..., tuple[Finding, ...]]

BEFORE = "import os, shutil, subprocess\nfrom flask import Flask, request\napp = Flask(__name__)\n"
PACKAGES = (
    "flask\ngunicorn\npytesseract\npdfkit\npydub\nopencv-python\nyt-dlp\nselenium\npython-magic\ngitpython\npyzbar\n"
)
CV2 = "import cv2\n"


def handler(body: str, head: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return f"{head}{BEFORE}@app.post('/')\ndef handle():\n{lines}\n    return ''\n"


def told(findings: Check, code: str, **more: str) -> list[tuple[str, str]]:
    settings = {key: more.pop(key) for key in ("platform", "builder") if key in more}
    files = {"app.py": code, "requirements.txt": PACKAGES, "Procfile": "web: gunicorn app:app\n"}
    files |= {name.replace("__", "/"): text for name, text in more.items()}
    found = findings(files, rule="missing-system-package", **settings)
    return [(str(f.severity), f.message.split("«")[2].partition("»")[0]) for f in found]


def built(findings: Check, code: str, steps: str = "", base: str = "python:3.11-slim") -> list[tuple[str, str]]:
    dockerfile = f"FROM {base}\n{steps}\nCOPY . .\nRUN pip install -r requirements.txt\nCMD gunicorn app:app\n"
    files = {"app.py": code, "requirements.txt": PACKAGES, "Dockerfile": dockerfile}
    found = findings(files, rule="missing-system-package")
    return [(str(f.severity), f.message.split("«")[2].partition("»")[0]) for f in found]


OCR = handler("pytesseract.image_to_string('x')", "import pytesseract\n")
SET = "import pytesseract\npytesseract.pytesseract.tesseract_cmd = {}\n"


@pytest.mark.parametrize(
    ("code", "program"),
    [
        (OCR, "tesseract"),
        (handler("its('x')", "from pytesseract import image_to_string as its\n"), "tesseract"),
        (handler("pytesseract.image_to_string('x')", SET.format(r"r'C:\Tesseract\tesseract.exe'")), "tesseract"),
        (handler("pytesseract.image_to_string('x')", "import os\n" + SET.format(r"os.getenv('T', r'C:\t\t.exe')")),
         "tesseract"),
        (handler("pytesseract.image_to_string('x')", "import os\n" + SET.format("os.environ.get('T', 'tesseract')")), ""),
        (handler("pytesseract.image_to_string('x')", SET.format("'/app/.apt/usr/bin/tesseract'")), ""),
        ("import pytesseract\n" + BEFORE, ""),
        (handler("pass") + "if __name__ == '__main__':\n    import pytesseract\n    pytesseract.image_to_string('x')\n", ""),
        (handler("pdfkit.from_string('x', False)", "import pdfkit\n"), "wkhtmltopdf"),
        (handler("pdfkit.from_string('x', configuration=c)",
                 "import os, pdfkit\nc = pdfkit.configuration(wkhtmltopdf=os.environ.get('W'))\n"), ""),
        (handler("c('x', poppler_path=os.environ['P'])", "from pdf2image import convert_from_path as c\n"), ""),
        (handler("c('x', poppler_path=None)", "from pdf2image import convert_from_path as c\n"), "pdftoppm"),
        (handler("AudioSegment.from_file(request.files['f'])", "from pydub import AudioSegment\n"), "ffmpeg"),
        (handler("AudioSegment.from_wav('x').export('y', format='wav')", "from pydub import AudioSegment\n"), ""),
        (handler("AudioSegment.from_file('x.wav').export('y', 'mp3')", "from pydub import AudioSegment\n"), "ffmpeg"),
        (handler("AudioSegment.from_file('x', format='wav')", "from pydub import AudioSegment\n"), ""),
        (handler("AudioSegment.from_mp3('x')", "import imageio_ffmpeg\nfrom pydub import AudioSegment\n"), ""),
        (handler("YoutubeDL({'postprocessors': [{'key': 'FFmpegExtractAudio'}]}).download(['u'])",
                 "from yt_dlp import YoutubeDL\n"), "ffmpeg"),
        (handler("YoutubeDL({'format': 'bestvideo+bestaudio/best'}).download(['u'])", "from yt_dlp import YoutubeDL\n"),
         "ffmpeg"),
        (handler("YoutubeDL({'format': 'bestvideo+bestaudio'}).extract_info('u', download=False)",
                 "from yt_dlp import YoutubeDL\n"), ""),
        (handler("YoutubeDL({'format': 'best'}).download(['u'])", "from yt_dlp import YoutubeDL\n"), ""),
        (handler("webdriver.Chrome()", "from selenium import webdriver\n"), "Chrome"),
        (handler("webdriver.Remote()", "from selenium import webdriver\n"), ""),
        (handler("subprocess.run(['ffmpeg', '-i', 'x'])"), "ffmpeg"),
        (handler("subprocess.Popen('/usr/bin/soffice --headless ' + request.args['x'], shell=True)"), "soffice"),
        (handler("os.system('ffmpeg' + request.args['x'])"), ""),
        (handler("subprocess.run(['ffmpegs'])\nsubprocess.run([request.args['x']])\nsubprocess.run(['curl', 'x'])"), ""),
        (handler("try:\n    subprocess.run(['pandoc'])\nexcept FileNotFoundError:\n    pass"), ""),
        (handler("if shutil.which('pandoc'):\n    subprocess.run(['pandoc'])"), ""),
        (handler("pipe()", "def pipe():\n    import graphviz\n    graphviz.Digraph().pipe()\n"), ""),
        ("import cv2\n" + BEFORE, "libGL.so.1"),
        ("try:\n    import cv2\nexcept ImportError:\n    cv2 = None\n" + BEFORE, ""),
        ("import magic\n" + BEFORE, ""),
        ("from pyzbar import pyzbar\n" + BEFORE, "libzbar.so.0"),
        ("import git\n" + BEFORE, "git"),
    ],
)  # fmt: skip
def test_what_the_code_runs_has_to_be_in_the_image(findings: Check, code: str, program: str) -> None:
    assert told(findings, code) == ([("warning", program)] if program else [])


def test_an_image_that_is_not_known_lacks_nothing(findings: Check) -> None:
    assert told(findings, OCR, platform="render") == []
    assert told(findings, OCR, builder="nixpacks") == []
    assert told(findings, OCR, platform="cloud-run") == [("warning", "tesseract")]


@pytest.mark.parametrize(
    ("code", "device"),
    [
        (handler("cv2.VideoCapture(0)", CV2), "cv2.VideoCapture» opens a camera"),
        (handler("cv2.VideoCapture('film.mp4')\ncv2.VideoCapture(request.args['url'])", CV2), ""),
        (
            handler("with sr.Microphone() as source:\n    pass", "import speech_recognition as sr\n"),
            "opens a microphone",
        ),
        (handler("with sr.AudioFile('x.wav') as source:\n    pass", "import speech_recognition as sr\n"), ""),
    ],
)
def test_no_platform_has_a_device(findings: Check, code: str, device: str) -> None:
    files = {"app.py": code, "requirements.txt": "flask\ngunicorn\nopencv-python-headless\nspeechrecognition\n"}
    found = findings(files, "gunicorn app:app", rule="missing-system-package", platform="render")
    assert [device in f.message for f in found] == ([True] if device else [])


def test_the_image_of_somebody_is_not_known(findings: Check) -> None:
    assert built(findings, OCR, base="ghcr.io/someone/image") == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"Procfile": "web: ./install-tesseract.sh && gunicorn app:app\n"}, 0),
        ({"bin__tesseract": "elf"}, 0),
        ({"Aptfile": "tesseract-ocr\n"}, 1),
        ({"requirements.txt": f"{PACKAGES}opencv-python-headless\n"}, 1),
    ],
)
def test_what_the_repository_brings_itself(findings: Check, more: dict[str, str], expected: int) -> None:
    assert len(told(findings, OCR, **more)) == expected


def test_an_import_in_several_files_is_told_once(findings: Check) -> None:
    files = {"more.py": CV2, "other.py": f"import more\n{CV2}"}
    found = told(findings, f"import other\n{CV2}{BEFORE}", **files)
    assert found == [("warning", "libGL.so.1")]


def test_the_headless_package_loads_no_window_library(findings: Check) -> None:
    code = CV2 + BEFORE
    assert told(findings, code, **{"requirements.txt": "flask\ngunicorn\nopencv-python-headless\n"}) == []
    assert told(findings, code, **{"requirements.txt": f"{PACKAGES}opencv-python-headless\n"}) == []
    assert told(findings, code, **{"requirements.txt": "flask\ngunicorn\nultralytics\n"}) == [("warning", "libGL.so.1")]


@pytest.mark.parametrize(
    ("steps", "base", "expected"),
    [
        ("", "python:3.11-slim", ["tesseract"]),
        ("RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev", "python:3.12", ["tesseract"]),
        ("RUN apt-get install -y tesseract-ocr-eng", "python:3.11-slim", []),
        ("RUN apk add tesseract-ocr", "python:3.11-alpine", []),
        ("RUN apk add build-base", "python:3.11-alpine", ["tesseract"]),
        ("RUN curl -L https://example.org/tesseract.tgz | tar xz", "python:3.11-slim", []),
        ("RUN ./setup.sh", "python:3.11-slim", []),
        ("RUN xargs apt-get install -y < apt.txt", "python:3.11-slim", []),
        ("RUN apt-get install -y $PACKAGES", "python:3.11-slim", []),
        ("COPY --from=someone/tools /usr/bin/t /usr/bin/t", "python:3.11-slim", []),
        ("COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/uv", "python:3.11-slim", ["tesseract"]),
    ],
)  # fmt: skip
def test_steps_of_a_dockerfile_bring_programs(findings: Check, steps: str, base: str, expected: list[str]) -> None:
    assert [name for _, name in built(findings, OCR, steps, base)] == expected


@pytest.mark.parametrize(
    ("steps", "base", "expected"),
    [
        ("", "python:3.11-slim", ["error"]),
        ("", "python:3.11", ["warning"]),
        ("RUN apt-get install -y libgl1-mesa-glx", "python:3.11-slim", []),
        ("RUN apt-get install -y ffmpeg libsm6", "python:3.11-slim", []),
        ("RUN apt-get install -y libsm6 libxext6 gcc", "python:3.11-slim", ["error"]),
        ("RUN apt-get install -y some-unknown-thing", "python:3.11-slim", []),
        ("FROM python:3.11-slim AS base\nRUN apt-get install -y gcc\nFROM base", "scratch", ["error"]),
    ],
)  # fmt: skip
def test_steps_of_a_dockerfile_bring_libraries(findings: Check, steps: str, base: str, expected: list[str]) -> None:
    assert [severity for severity, _ in built(findings, CV2 + BEFORE, steps, base)] == expected


def test_each_row_names_a_part_that_there_is() -> None:
    used = {use.part for uses in system_needs.USES.values() for use in uses}
    loaded = {part for part, _, _ in system_needs.LOADED.values()}
    assert used | loaded <= set(system_needs.PARTS)
    for part in system_needs.PARTS.values():
        assert not part.library or part.library in (system_needs.brought(part.packages[0]) or ())
    assert set(system_needs.PARTS) >= system_needs.COMMANDS
