"""`local-upload`, `local-write` and `log-file`: what stays on the disk, and what only passes through."""

from collections.abc import Callable

import pytest
from tests.rules.apps import django, fastapi, flask

from adaptable_preflight.finding import Finding
from adaptable_preflight.rules import local_upload, local_write, log_file

Says = Callable[..., tuple[Finding, ...]]


PIL = "from PIL import Image"
STORAGE = """from django.core.files.storage import FileSystemStorage, default_storage
storage = FileSystemStorage()
"""


def severities(findings: tuple[Finding, ...]) -> list[str]:
    return [str(finding.severity) for finding in findings]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (flask('request.files["f"].save("uploads/x.png")'), ["error"]),
        (flask('f = request.files.get("f")\nif f and f.filename:\n    f.save(os.path.join("up", f.filename))'), ["error"]),
        (flask('for f in request.files.getlist("f"):\n    f.save(f"up/{f.filename}")'), ["error"]),
        (flask('data = request.files["f"].read()\nopen("up/x", "wb").write(data)'), ["error"]),
        (
            flask('save(request.files["f"])', "def save(f):\n    path = os.path.join(app.root_path, 'up', f.filename)\n    f.save(path)"),
            ["error"],
        ),
        (
            flask(
                'form = Upload()\nif form.validate_on_submit():\n    picture = Image.open(form.photo.data)\n'
                '    picture.thumbnail((9, 9))\n    picture.save("static/x.png")',
                "from PIL import Image\nfrom flask_wtf import FlaskForm\nfrom flask_wtf.file import FileField\n"
                "class Upload(FlaskForm):\n    photo = FileField('Photo')",
            ),
            ["error"],
        ),
        (flask('f = request.files["f"]\nf.save("/tmp/x.png")\nreturn send_file("/tmp/x.png")'), []),
        (flask('f = request.files["f"]\nf.save("x.png")\nread("x.png")\nos.remove("x.png")', "from PIL.Image import open as read"), []),
        (flask('f = request.files["f"]\npath = "up/" + f.filename\nf.save(path)\nreturn model.predict(path)',
               "import keras\nmodel = keras.models.load_model('m.h5')"), ["warning"]),
        (flask('f = request.files["f"]\npath = None\nif f.filename:\n    path = "x.png"\n    f.save(path)\nif path:\n    read(path)\n    os.remove(path)',
               "from PIL.Image import open as read"), []),
        (flask('bucket.upload_fileobj(request.files["f"], "b", "k")', "import boto3\nbucket = boto3.client('s3')"), []),
        (flask('import io\nrequest.files["f"].save(io.BytesIO())'), []),
        (fastapi('with open("up/x", "wb") as target:\n    target.write(await file.read())'), ["error"]),
        (fastapi('import shutil\nwith open(file.filename, "wb") as target:\n    shutil.copyfileobj(file.file, target)'), ["error"]),
        (fastapi('import aiofiles\nasync with aiofiles.open("x", "wb") as t:\n    while chunk := await file.read(9):\n'
                 '        await t.write(chunk)'), ["error"]),
        (fastapi('import pathlib\npathlib.Path("up/x").write_bytes(await file.read())'), ["error"]),
        (fastapi("return len(await file.read())"), []),
        (django('with open("up/x", "wb+") as target:\n    for chunk in request.FILES["f"].chunks():\n        target.write(chunk)'),
         ["error"]),
        (django('f = request.FILES["f"]\nreturn HttpResponse(f.read())'), []),
        (flask('f = request.files["f"]\nf.save("up/x." + f.filename.split(".")[-1])'), ["error"]),
        (flask('f = request.files["f"]\nf.save(f"up/{secrets.token_hex(8)}" + os.path.splitext(f.filename)[1])', "import secrets"),
         ["error"]),
        (django('storage.save(request.FILES["f"].name, request.FILES["f"])', STORAGE), ["error"]),
        (django('name = storage.save("x", request.FILES["f"])\nread(storage.path(name))\nstorage.delete(name)',
                STORAGE + "from PIL.Image import open as read"), []),
        (django('FileSystemStorage("/tmp").save("x", request.FILES["f"])', STORAGE), []),
        (django('f = request.FILES["f"]\npicture = Image.open(f)\npicture.save(f.temporary_file_path())', PIL), []),
        (django('f = request.FILES["f"]\npicture = Image.open(f.temporary_file_path())\npicture.save("up/x")', PIL), ["error"]),
        (django('default_storage.save("x", request.FILES["f"])', STORAGE), ["error"]),
        (django('default_storage.save("x", request.FILES["f"])', STORAGE,
                'STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}'), []),
    ],
)  # fmt: skip
def test_an_upload_that_is_kept(says: Says, files: dict[str, str], expected: list[str]) -> None:
    assert severities(says(local_upload, files)) == expected


MODELS = "from django.db import models\nclass Photo(models.Model):\n    image = models.ImageField(upload_to='x')\n"


@pytest.mark.parametrize(
    ("settings", "models", "expected"),
    [
        ('MEDIA_ROOT = "media"', MODELS, [("shop/models.py", 3)]),
        ("", MODELS, [("shop/models.py", 3)]),
        ('DEFAULT_FILE_STORAGE = "storages.backends.s3boto3.S3Boto3Storage"', MODELS, []),
        ('STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}', MODELS, []),
        ("import os\nif 'USE_S3' in os.environ:\n    DEFAULT_FILE_STORAGE = 'storages.S3'", MODELS, []),
        ("", MODELS.replace("upload_to='x'", "storage=bucket").replace("class", "bucket = None\nclass"), []),
        ("", MODELS.replace("ImageField(upload_to='x')", "CharField(max_length=9)"), []),
    ],
)
def test_the_files_of_django_models(says: Says, settings: str, models: str, expected: list[tuple[str, int]]) -> None:
    found = says(local_upload, django(settings=settings, files={"shop/models.py": models}))
    assert [(f.span.path, f.span.line) for f in found] == expected


@pytest.mark.parametrize(
    ("body", "top", "expected"),
    [
        ('with open("data.json", "w") as file:\n    file.write("x")', "", 1),
        ('open("log.txt", "a").write("x")', "", 1),
        ('open("data.json").read()', "", 0),
        ('open("data.json", "rb").read()', "", 0),
        ('open("/tmp/x", "w").write("x")', "", 0),
        ('open("/dev/stdout", "w").write("x")', "", 0),
        ('from pathlib import Path\nPath("x.txt").write_text("x")', "", 1),
        ('from pathlib import Path\n(Path(__file__).parent / "x.txt").write_text("x")', "", 1),
        ('pd.DataFrame([1]).to_csv("x.csv")', "import pandas as pd", 1),
        ("return pd.DataFrame([1]).to_csv()", "import pandas as pd", 0),
        ("import io\npd.DataFrame([1]).to_csv(io.StringIO())", "import pandas as pd", 0),
        ('plt.savefig("static/x.png")', "import matplotlib.pyplot as plt", 1),
        ('YouTube(request.args["u"]).streams.first().download("static")', "from pytube import YouTube", 1),
        ('YouTube(request.args["u"]).streams.first().download()', "from pytube import YouTube", 1),
        ('FAISS.from_texts(["a"], None).save_local("index")', "from langchain_community.vectorstores import FAISS", 1),
        ("import io\nplt.savefig(io.BytesIO())", "import matplotlib.pyplot as plt", 0),
        ('with tempfile.NamedTemporaryFile("w") as file:\n    file.write("x")', "import tempfile", 0),
        ('path = os.path.join(tempfile.mkdtemp(), "x")\nopen(path, "w").write("x")', "import tempfile", 0),
        ('path = "x.pdf"\nopen(path, "wb").write(b"x")\nos.remove(path)', "", 0),
        (
            'im = Image.new("L", (1, 1))\nim.save("x.jpg")\nread(Image.open("x.jpg"))',
            "from PIL import Image\nread = print",
            0,
        ),
        ('Image.new("L", (1, 1)).save("static/x.jpg")\nImage.open("static/x.jpg")', "from PIL import Image", 1),
        ('open("x.txt").read()\nopen("x.txt", "w").write("x")', "", 1),
        ('open("x.txt", "w").write("x")\nopen("x.txt").read()', "def other():\n    pass", 0),
        ('open("x.txt", "w").write("x")\nopen("x.txt").read()\nother()', 'def other():\n    open("x.txt").read()', 1),
        ('open("x.txt", "a").write("x")\nopen("x.txt").read()', "", 1),
        ("helper()", 'def helper():\n    open("x", "w").write("x")', 1),
        ("pass", 'open("at_import", "w").write("x")', 0),
    ],
)
@pytest.mark.parametrize("make", [flask, fastapi, django])
def test_a_file_that_a_request_writes(
    says: Says, make: Callable[[str, str], dict[str, str]], body: str, top: str, expected: int
) -> None:
    assert severities(says(local_write, make(body, top))) == ["warning"] * expected


YT = "import yt_dlp, youtube_dl"


@pytest.mark.parametrize(
    ("body", "top", "expected"),
    [
        ("yt_dlp.YoutubeDL({'outtmpl': 'static/%(id)s.%(ext)s'}).download([request.args['u']])", YT, ["warning"]),
        ("with youtube_dl.YoutubeDL() as ydl:\n    ydl.download([request.args['u']])", YT, ["warning"]),
        ("with yt_dlp.YoutubeDL({'format': 'best'}) as ydl:\n    ydl.extract_info(request.args['u'])", YT, ["warning"]),
        ("yt_dlp.YoutubeDL({'outtmpl': {'default': 'x.mp4'}, 'paths': {'home': 'videos'}}).download(['u'])", YT, ["warning"]),
        ("yt_dlp.YoutubeDL({'outtmpl': '/tmp/%(id)s.%(ext)s'}).download([request.args['u']])", YT, []),
        ("yt_dlp.YoutubeDL({'outtmpl': 'x', 'paths': {'home': '/tmp'}}).download([request.args['u']])", YT, []),
        ("yt_dlp.YoutubeDL().extract_info(request.args['u'], download=False)", YT, []),
        ("yt_dlp.YoutubeDL().extract_info(request.args['u'], False)", YT, []),
        ("yt_dlp.YoutubeDL({'skip_download': True}).download(['u'])", YT, []),
        ("yt_dlp.YoutubeDL(options()).download(['u'])", YT + "\nfrom library import options", []),
        (("ydl = yt_dlp.YoutubeDL()\ninfo = ydl.extract_info(request.args['u'])\nname = ydl.prepare_filename(info)\n"
         "return send_file(name)"), YT, ["notice"]),
        (("ydl = yt_dlp.YoutubeDL()\ninfo = ydl.extract_info(request.args['u'])\n"
         "os.remove(ydl.prepare_filename(info))"), YT, []),
        ("pyautogui.screenshot().save('static/x.png')", "import pyautogui", ["warning"]),
        ("ImageGrab.grab().save('static/x.png')", "from PIL import ImageGrab", ["warning"]),
    ],
)  # fmt: skip
def test_what_a_library_downloads_or_draws(says: Says, body: str, top: str, expected: list[str]) -> None:
    assert severities(says(local_write, flask(body, top))) == expected


def test_functions_that_no_request_runs_may_write(says: Says) -> None:
    top = (
        '@app.cli.command("export")\ndef export():\n    open("x.csv", "w").write("x")\ndef never():\n    open("y", "w")'
    )
    assert says(local_write, flask("pass", top)) == ()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('logging.FileHandler("app.log")', 1),
        ('from logging.handlers import RotatingFileHandler\nRotatingFileHandler("app.log", maxBytes=9)', 1),
        ('logging.basicConfig(filename="app.log")', 1),
        ("logging.basicConfig(level=logging.INFO)", 0),
        ('logging.basicConfig(filename="/dev/stdout")', 0),
        ("logging.StreamHandler()", 0),
        ('if app.debug:\n    logging.FileHandler("app.log")', 0),
        ('from loguru import logger\nlogger.add("app.log", rotation="1 day")', 1),
        ("import sys\nfrom loguru import logger\nlogger.add(sys.stderr)", 0),
        (
            (
                'import logging.config\nlogging.config.dictConfig({"version": 1, "handlers": {"f": {"class": '
                '"logging.FileHandler", "filename": "app.log"}}, "root": {"handlers": ["f"]}})'
            ),
            1,
        ),
        (
            (
                'import logging.config\nlogging.config.dictConfig({"version": 1, "handlers": {"f": {"class": '
                '"logging.FileHandler", "filename": "app.log"}}, "root": {"handlers": []}})'
            ),
            0,
        ),
    ],
)
def test_log_files(says: Says, code: str, expected: int) -> None:
    assert severities(says(log_file, flask(top=f"import logging\n{code}"))) == ["warning"] * expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('logging.basicConfig(handlers=[logging.FileHandler("a.log"), logging.StreamHandler()])', "notice"),
        ('logging.basicConfig(handlers=[logging.FileHandler("a.log")])', "warning"),
        ('log.addHandler(logging.FileHandler("a.log"))\nlog.addHandler(logging.StreamHandler())', "notice"),
        ('log.addHandler(logging.FileHandler("a.log"))\nlogging.basicConfig(level=20)', "notice"),
        ('log.addHandler(logging.FileHandler("a.log"))\nlogging.getLogger("y").addHandler(logging.StreamHandler())', "warning"),
        ('app.logger.addHandler(logging.FileHandler("a.log"))', "notice"),
        ('logging.config.dictConfig(config(["f"]))', "warning"),
        ('logging.config.dictConfig(config(["f", "c"]))', "notice"),
    ],
)  # fmt: skip
def test_logs_that_are_shown_as_well(says: Says, code: str, expected: str) -> None:
    top = """import logging, logging.config
log = logging.getLogger("x")
def config(used):
    file = {"class": "logging.FileHandler", "filename": "app.log"}
    return {"handlers": {"f": file, "c": {"class": "logging.StreamHandler"}}, "root": {"handlers": used}}
"""
    assert severities(says(log_file, flask(top=top + code))) == [expected]


def test_the_log_file_of_django(says: Says) -> None:
    logging = 'LOGGING = {"handlers": {"f": {"filename": "x.log"}}, "loggers": {"django": {"handlers": ["f"]}}}'
    assert [f.span.path for f in says(log_file, django(settings=logging))] == ["project/settings.py"]


def test_a_file_that_is_sent_at_once_is_a_notice(says: Says) -> None:
    body = 'path = "report.csv"\nopen(path, "w").write("x")\nreturn send_file(path)'
    assert severities(says(local_write, flask(body))) == ["notice"]


def test_an_upload_that_a_thread_removes_is_not_kept(says: Says) -> None:
    top = "from threading import Thread\nfrom PIL import Image\ndef work(path):\n    Image.open(path)\n    os.remove(path)"
    body = 'path = "up/x"\nrequest.files["f"].save(path)\nThread(target=work, args=(path,)).start()'
    assert says(local_upload, flask(body, top)) == ()


@pytest.mark.parametrize(
    ("work", "start", "expected"),
    [
        ("while True:\n        open('log.jsonl', 'a').write('x')", "Thread(target=work).start()", ["warning"]),
        ("while True:\n        open('log.jsonl', 'w').write('x')", "Thread(target=work).start()", []),
        ("open('/tmp/log.jsonl', 'a').write('x')", "Thread(target=work).start()", []),
    ],
)
def test_a_file_that_a_thread_of_the_app_writes(says: Says, work: str, start: str, expected: list[str]) -> None:
    files = flask("return send_file('log.jsonl')", f"from threading import Thread\ndef work():\n    {work}\n{start}\n")
    assert severities(says(local_write, files)) == expected


def test_a_setting_of_envparse_that_turns_writing_on(says: Says) -> None:
    body = "if env.bool('KEEP', default=False):\n    open('x.txt', 'w')\nif env('KEEP', False):\n    open('y.txt', 'w')"
    assert says(local_write, flask(body, "from envparse import env")) == ()


def test_an_upload_that_a_pool_writes_for_a_handler_of_aiohttp(says: Says) -> None:
    code = """import asyncio, os
from aiohttp import web
def keep(path, source):
    with open(path, "wb") as target:
        target.write(source.read())
async def handler(request: web.Request):
    field = (await request.post())["file"]
    await asyncio.get_event_loop().run_in_executor(None, keep, "data/x", field.file)
    return web.Response()
app = web.Application()
app.router.add_post("/", handler)
"""
    assert severities(says(local_upload, {"app.py": code})) == ["error"]


def test_a_file_that_a_thread_writes_for_a_request(says: Says) -> None:
    top = "from threading import Thread\ndef work(name):\n    open(name + '.csv', 'w').write('x')"
    files = flask("Thread(target=work, args=(request.form['name'],)).start()", top)
    assert severities(says(local_write, files)) == ["warning"]


REQPARSE = """\
import os
from flask import Flask
from {library} import Api, Resource, reqparse
from werkzeug.datastructures import FileStorage

app = Flask(__name__)
api = Api(app)
parser = reqparse.RequestParser()
parser.add_argument("file", type=FileStorage, location="files", required=True)
parser.add_argument("name", location="form")

class Files(Resource):
    def post(self):
        args = parser.parse_args()
        {body}
        return "saved"

api.add_resource(Files, "/files")
"""


@pytest.mark.parametrize("library", ["flask_restful", "flask_restx"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('args["file"].save(os.path.join("uploads", args["name"]))', ["error"]),
        ('args.get("file").save("uploads/x.png")', ["error"]),
        ('args.file.save("uploads/x.png")', ["error"]),
        ('args["file"].save("/tmp/x.png")', []),
        ('args["name"].save("uploads/x.png")', []),
        ('return args["file"].read()', []),
    ],
)
def test_a_file_among_the_arguments_of_a_parser(says: Says, library: str, body: str, expected: list[str]) -> None:
    found = says(local_upload, {"app.py": REQPARSE.format(library=library, body=body)})
    assert severities(found) == expected


def test_a_parser_that_the_api_makes(says: Says) -> None:
    app = REQPARSE.format(library="flask_restx", body='args["file"].save("uploads/x.png")')
    app = app.replace("parser = reqparse.RequestParser()", "parser = api.parser()")
    assert severities(says(local_upload, {"app.py": app})) == ["error"]


WRITERS = """\
import io, shutil, tarfile, tempfile, wave, zipfile
import cv2, numpy
import matplotlib.pyplot as plt
import pandas as pd
from docx import Document
from fpdf import FPDF
from gtts import gTTS
from openpyxl import Workbook
from PIL import Image
from wordcloud import WordCloud
"""


@pytest.mark.parametrize(
    "writes",
    [
        'shutil.make_archive({}, "zip", "data")',
        'shutil.copytree("data", {})',
        'shutil.unpack_archive("data.zip", {})',
        'zipfile.ZipFile("data.zip").extractall({})',
        'with tarfile.open("data.tar") as archive:\n    archive.extractall({})',
        'with zipfile.ZipFile({}, "w") as archive:\n    archive.write("a.txt")',
        'with tarfile.open({}, "w:gz") as archive:\n    archive.add("a.txt")',
        'sound = wave.open({}, "wb")',
        'Image.new("RGB", (9, 9)).save({})',
        "pd.read_csv('a.csv').groupby('b').sum().to_csv({})",
        "plt.figure().savefig({})",
        "plt.imsave({}, numpy.zeros(9))",
        "cv2.VideoWriter({}, 0, 25, (9, 9))",
        "numpy.savez_compressed({}, numpy.zeros(9))",
        "Workbook().save({})",
        "Document().save({})",
        "gTTS('text').save({})",
        "pdf = FPDF()\npdf.output({})",
        "WordCloud().generate('text').to_file({})",
    ],
)
def test_what_writes_a_file_of_the_app_and_no_buffer(says: Says, writes: str) -> None:
    assert severities(says(local_write, flask(f"{writes.format(repr('out/x'))}\nreturn ''", WRITERS))) == ["warning"]
    for passing in ("'/tmp/x'", "io.BytesIO()", "os.path.join(tempfile.mkdtemp(), 'x')"):
        assert says(local_write, flask(f"{writes.format(passing)}\nreturn ''", WRITERS)) == ()


def test_an_archive_that_is_only_read(says: Says) -> None:
    body = 'zipfile.ZipFile("data.zip").namelist()\ntarfile.open("data.tar").getnames()\nwave.open("a.wav")\nreturn ""'
    assert says(local_write, flask(body, WRITERS)) == ()


def test_an_archive_that_the_response_sends(says: Says) -> None:
    body = 'archive = shutil.make_archive("out", "zip", "data")\nreturn send_file({})'
    for path in ("archive", '"out.zip"'):
        assert severities(says(local_write, flask(body.format(path), WRITERS))) == ["notice"]


def test_an_uploaded_archive_that_is_unpacked(says: Says) -> None:
    body = 'zipfile.ZipFile(request.files["f"]).extractall({})\nreturn ""'
    assert severities(says(local_upload, flask(body.format('"sites"'), WRITERS))) == ["error"]
    assert severities(says(local_upload, flask(body.format(""), WRITERS))) == ["error"]
    assert says(local_upload, flask(body.format("tempfile.mkdtemp()"), WRITERS)) == ()


@pytest.mark.parametrize(("store", "expected"), [("db.users.replace_one({}, users)", "notice"), ("pass", "warning")])
def test_a_file_that_stands_in_for_a_database(says: Says, store: str, expected: str) -> None:
    body = f"users = request.json\n{store}\njson.dump(users, open('users.json', 'w'))"
    top = "import json, os, pymongo\ndb = pymongo.MongoClient(os.environ['MONGODB_URI']).shop"
    assert severities(says(local_write, flask(body, top))) == [expected]


@pytest.mark.parametrize(("backend", "count"), [("filebased", 1), ("smtp", 0), ("console", 0)])
def test_mails_in_files(says: Says, backend: str, count: int) -> None:
    settings = f'EMAIL_BACKEND = "django.core.mail.backends.{backend}.EmailBackend"\nEMAIL_FILE_PATH = "mails"'
    assert severities(says(local_write, django(settings=settings))) == ["warning"] * count
