"""The same handler in the frameworks that the tool knows: what surrounds it, and where it stands."""

from collections.abc import Mapping

FLASK = """\
import os
from flask import Flask, request, send_file
app = Flask(__name__)
{top}
@app.route("/", methods=["GET", "POST"])
def handler():
{body}
"""

FASTAPI = """\
import os
from fastapi import BackgroundTasks, FastAPI, Request, UploadFile
app = FastAPI()
{top}
@app.post("/")
async def handler(request: Request, file: UploadFile, text: str, tasks: BackgroundTasks):
{body}
"""

VIEWS = """\
import os
from django.http import HttpResponse
{top}
def handler(request):
{body}
"""

DJANGO = {
    "project/__init__.py": "",
    "project/wsgi.py": (
        "import os\nfrom django.core.wsgi import get_wsgi_application\n"
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")\napplication = get_wsgi_application()\n'
    ),
    "project/urls.py": 'from django.urls import path\nfrom shop import views\nurlpatterns = [path("", views.handler)]\n',
    "shop/__init__.py": "",
}


def flask(body: str = "return ''", top: str = "") -> dict[str, str]:
    """Return a Flask app with one handler."""
    return {"app.py": FLASK.format(top=top, body=_indented(body))}


def fastapi(body: str = "return ''", top: str = "") -> dict[str, str]:
    """Return a FastAPI app with one handler."""
    return {"app.py": FASTAPI.format(top=top, body=_indented(body))}


def django(
    body: str = "return HttpResponse()",
    top: str = "",
    settings: str = "",
    files: Mapping[str, str | bytes] | None = None,
) -> dict[str, str | bytes]:
    """Return a Django project `project` with one app `shop` and one view."""
    base = f'ROOT_URLCONF = "project.urls"\nINSTALLED_APPS = ["shop"]\n{settings}\n'
    views = VIEWS.format(top=top, body=_indented(body))
    return {**DJANGO, "project/settings.py": base, "shop/views.py": views, **(files or {})}


def _indented(body: str) -> str:
    return "\n".join(f"    {line}" for line in body.splitlines())
