"""The start command that is offered: exact, complete with what has to be installed, and only where it would work."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment

Deploy = Callable[..., Deployment]
Findings = Callable[..., tuple[Finding, ...]]
FLASK = "import os\nfrom flask import Flask\napp = Flask(__name__)\n"
RUN = "app.run(host='0.0.0.0', port=int(os.environ['PORT']))\n"
MAIN = f"if __name__ == '__main__':\n    {RUN}"
DECLARED = {"requirements.txt": "flask\ngunicorn\n"}
COMMAND = "gunicorn --bind 0.0.0.0:$PORT --threads 4"


@pytest.mark.parametrize(
    ("files", "advice"),
    [
        ({"app.py": FLASK, **DECLARED}, f"Put «{COMMAND} app:app» into"),
        (
            {"src/app.py": f"import helper\n{FLASK}", "src/helper.py": "", **DECLARED},
            f"«{COMMAND} --chdir src app:app»",
        ),
        (
            {"app.py": FLASK, "requirements.txt": "flask\n"},
            "Nothing installs gunicorn yet: add the line «gunicorn» to ",
        ),
        ({"flask/server.py": FLASK, **DECLARED}, f"«{COMMAND} --chdir flask server:app»"),
        (
            {
                "apps/api/src/shop/main.py": f"from src.shop.pages import page\n{FLASK}",
                "apps/api/src/shop/pages.py": "page = 1",
                **DECLARED,
            },
            f"«{COMMAND} --chdir apps/api src.shop.main:app»",
        ),
        (
            {
                "back/shop/server.py": f"import openai\nfrom .pages import page\n{FLASK}",
                "back/shop/openai.py": "",
                "back/shop/pages.py": "page = 1",
                "back/shop/__init__.py": "",
                **DECLARED,
            },
            f"«{COMMAND} back.shop.server:app»",
        ),
        (
            {
                "celery_worker.py": "from shop import create_app\napp = create_app()\n",
                "shop.py": "from flask import Flask\n\ndef create_app():\n    return Flask(__name__)\n",
                "wsgi.py": "from shop import create_app\n\nshop = create_app()\n",
                **DECLARED,
            },
            f"«{COMMAND} wsgi:shop»",
        ),
        (
            {
                "app.py": "import odd\nfrom flask import Flask\nfor name in odd.names():\n    globals()[name] = 1\n"
                "application = Flask(__name__)\n",
                "tasks.py": "from flask import Flask\napp = Flask(__name__)\n",
                **DECLARED,
            },
            f"«{COMMAND} app:application»",
        ),
        (
            {
                "shop/__init__.py": "",
                "shop/main.py": f"import shop.pages\nimport alembic\nimport cache\n{FLASK}",
                "shop/pages.py": "import shop.models\n",
                "shop/models.py": "",
                "shop/cache.py": "",
                **DECLARED,
            },
            f"«{COMMAND} shop.main:app»",
        ),
        (
            {"source/app/__init__.py": f"import app.pages\n{FLASK}", "source/app/pages.py": "", **DECLARED},
            f"«{COMMAND} --chdir source app:app»",
        ),
        (
            {
                "src/shop/web/shop/web/main.py": f"import shop.web.settings\nimport shop.core.views\n{FLASK}",
                "src/shop/web/shop/web/settings.py": "",
                "src/shop/core/shop/core/views.py": "",
                **DECLARED,
            },
            f"«{COMMAND} --chdir src/shop/web shop.web.main:app»",
        ),
        (
            {
                "site/config/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\n"
                "os.environ.setdefault('DJANGO_SETTINGS_MODULE', f\"config.settings.{os.environ.get('ENV', '')}\")\n"
                "application = get_wsgi_application()\n",
                "site/config/settings/live.py": "",
                "requirements.txt": "django\ngunicorn\n",
            },
            f"«{COMMAND} --chdir site config.wsgi:application»",
        ),
        (
            {
                "update_accounts.py": "from shop import create_app\napp = create_app()\nwith app.app_context():\n    1\n",
                "shop/__init__.py": "from flask import Flask\n\ndef create_app():\n    return Flask(__name__)\n",
                **DECLARED,
            },
            f'«{COMMAND} "shop:create_app()"»',
        ),
        (
            {
                "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\n"
                "application = get_wsgi_application()\n",
                "shop/part.py": "from flask import Flask\napplication = Flask(__name__)\n"
                "@application.route('/')\ndef index():\n    return ''\n",
                "requirements.txt": "django\ngunicorn\n",
            },
            f"«{COMMAND} shop.wsgi:application»",
        ),
        ({"app.py": FLASK}, "Nothing installs gunicorn yet: list «gunicorn» in a requirements.txt"),
        (
            {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "requirements.txt": "fastapi\n"},
            "uvicorn main:app --host 0.0.0.0 --port $PORT» into",
        ),
        (
            {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "requirements.txt": "fastapi\n"},
            "Nothing installs uvicorn yet: add the line «uvicorn» to requirements.txt.",
        ),
    ],
)
def test_what_starts_the_app_is_offered_with_what_it_needs(
    findings: Findings, files: dict[str, str], advice: str
) -> None:
    (found,) = findings(files, rule="missing-start-command")
    assert advice in found.advice


@pytest.mark.parametrize(
    "requirements",
    ["flask\ngunicorn\n", "flask\n-r https://example.org/more.txt\n", "flask\nsomething-with-gunicorn\n"],
)
def test_nothing_is_to_be_added_where_it_is_installed_or_may_be(findings: Findings, requirements: str) -> None:
    (found,) = findings({"app.py": FLASK, "requirements.txt": requirements}, rule="missing-start-command")
    assert "install" not in found.advice


@pytest.mark.parametrize(
    ("files", "advice"),
    [
        ({"app.py": FLASK + MAIN}, f"Write «{COMMAND} app:app»."),
        ({"app.py": FLASK + RUN}, f"Write «{COMMAND} app:app». Put this call below"),
        ({"app.py": FLASK + MAIN, "requirements.txt": "flask\n"}, f"Write «{COMMAND} app:app». Nothing installs gun"),
        ({"app.py": f"from web import app\nimport os\n{MAIN}", "web.py": FLASK}, f"Write «{COMMAND} web:app»."),
        (
            {
                "app.py": f"from web import make\nimport os\napp = make()\n{MAIN}",
                "web.py": "from flask import Flask\ndef make():\n    return Flask(__name__)\n",
            },
            f"Write «{COMMAND} app:app».",
        ),
        (
            {
                "app.py": "import os\nfrom flask import Flask\ndef main():\n    app = Flask(__name__)\n    "
                + RUN
                + "main()\n"
            },
            "No other server can import the app object, because line 4 of app.py makes it in a function or below",
        ),
        (
            {
                "app.py": "import os\nfrom flask import Flask\nif __name__ == '__main__':\n    app = Flask(__name__)\n    "
                + RUN
            },
            "No other server can import the app object, because line 4 of app.py makes it in a function or below",
        ),
        (
            {
                "app.py": "import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\n"
                "HTTPServer(('', int(os.environ['PORT'])), BaseHTTPRequestHandler).serve_forever()\n"
            },
            "No other server can take this over: make it a «http.server.ThreadingHTTPServer» at least, so that",
        ),
        (
            {
                "app.py": "import os\nfrom http.server import ThreadingHTTPServer, BaseHTTPRequestHandler\n"
                "ThreadingHTTPServer(('', int(os.environ['PORT'])), BaseHTTPRequestHandler).serve_forever()\n"
            },
            "No other server can take this over: write the handlers with a framework",
        ),
        (
            {
                "app.py": "import os, dash\napp = dash.Dash()\nserver = app.server\nif __name__ == '__main__':\n    "
                + RUN
            },
            f"Write «{COMMAND} app:server».",
        ),
    ],
)
def test_what_to_start_instead_of_a_development_server(findings: Findings, files: dict[str, str], advice: str) -> None:
    (found,) = findings({**DECLARED, **files}, "python app.py", rule="dev-server")
    assert found.advice.startswith(advice)
    assert (found.advice == advice) == advice.endswith("».")


def test_a_program_in_a_folder_is_started_from_there(findings: Findings) -> None:
    (found,) = findings({"src/app.py": FLASK + MAIN, **DECLARED}, "python src/app.py", rule="dev-server")
    assert found.advice == f"Write «{COMMAND} --chdir src app:app»."


FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
FACTORY = "from fastapi import FastAPI\ndef create_app():\n    return FastAPI()\n"
AT = "0.0.0.0 --port $PORT"


@pytest.mark.parametrize(
    ("path", "code", "installed", "command"),
    [
        ("app.py", FLASK, "flask\nwaitress\n", "waitress-serve --host=0.0.0.0 --port=$PORT app:app"),
        ("src/app.py", f"import helper\n{FLASK}", "flask\nwaitress\n", "cd src && waitress-serve --host=0.0.0.0 --port=$PORT app:app"),
        ("app.py", "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n", "flask\nwaitress\n", "waitress-serve --host=0.0.0.0 --port=$PORT --call app:create_app"),
        ("app.py", FLASK, "flask\nwaitress\ngunicorn\n", f"{COMMAND} app:app"),
        ("app.py", FLASK, "flask\nwaitress\n-r https://example.org/more.txt\n", f"{COMMAND} app:app"),
        ("app.py", FLASK, "flask\nhypercorn\n", f"{COMMAND} app:app"),
        ("main.py", FASTAPI, "fastapi\nhypercorn\n", "hypercorn --bind 0.0.0.0:$PORT main:app"),
        ("main.py", FASTAPI, "fastapi\ndaphne\n", "daphne -b 0.0.0.0 -p $PORT main:app"),
        ("main.py", FASTAPI, "fastapi\ngranian\n", f"granian --interface asgi --host {AT} main:app"),
        ("main.py", FASTAPI, "fastapi\ngranian\nuvicorn\n", f"uvicorn main:app --host {AT}"),
        ("main.py", FASTAPI, "fastapi\nwaitress\n", f"uvicorn main:app --host {AT}"),
        ("main.py", FACTORY, "fastapi\nhypercorn\n", 'hypercorn --bind 0.0.0.0:$PORT "main:create_app()"'),
        ("main.py", FACTORY, "fastapi\ngranian\n", f"granian --interface asgi --host {AT} --factory main:create_app"),
        ("main.py", FACTORY, "fastapi\ndaphne\n", f"uvicorn main:create_app --factory --host {AT}"),
    ],
)  # fmt: skip
def test_a_server_that_is_installed_is_offered_and_serves(
    findings: Findings, deployment: Deploy, path: str, code: str, installed: str, command: str
) -> None:
    files = {path: code, "src/helper.py": "", "requirements.txt": installed}
    (found,) = findings(files, rule="missing-start-command")
    assert f"Put «{command}» into" in found.advice
    served = deployment(files, command).web
    assert served is not None and served.app is not None
    assert (served.outcome, served.app.path) == ("listens", path)


SERVE = "from waitress import serve\n"
BRANCHES = """\
if __name__ == '__main__':
    if CERTIFICATE:
        app.run(ssl_context=CERTIFICATE)
    else:
        serve(app, host='0.0.0.0', port=80, threads=10)
"""


@pytest.mark.parametrize(
    ("files", "path", "text"),
    [
        (
            {"app.py": f"{SERVE}import tls\n{FLASK}CERTIFICATE = tls.find()\n{BRANCHES}"},
            "app.py",
            "serve(app, host='0.0.0.0', port=80, threads=10)",
        ),
        (
            {"app.py": f"import asyncio\n{FLASK}if __name__ == '__main__':\n    asyncio.run(work())\n    app.run()\n"},
            "app.py",
            "app.run()",
        ),
        (
            {"app.py": f"import bot\n{FLASK}if __name__ == '__main__':\n    bot.client.run('x')\n"},
            "app.py",
            "Flask(__name__)",
        ),
        (
            {"app.py": f"{FLASK}def main():\n    app.run(port=1)\nif __name__ == '__main__':\n    main()\n"},
            "app.py",
            "app.run(port=1)",
        ),
        (
            {"web.py": FLASK, "run.py": "from web import app\nif __name__ == '__main__':\n    app.run()  # Flask(\n"},
            "run.py",
            "app.run()",
        ),
        (
            {
                "main.py": "import uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\n"
                "if __name__ == '__main__':\n    uvicorn.run(app)\n"
            },
            "main.py",
            "uvicorn.run(app)",
        ),
    ],
)
def test_the_missing_command_is_missed_where_the_app_starts_itself(
    findings: Findings, files: dict[str, str], path: str, text: str
) -> None:
    (found,) = findings(files, rule="missing-start-command")
    line = files[path].splitlines()[found.span.line - 1]
    assert (found.span.path, line[found.span.column - 1 : found.span.end_column - 1]) == (path, text)


@pytest.mark.parametrize("template", ["{{cookiecutter.slug}}", "{% if api %}api{% endif %}"])
def test_the_files_of_a_template_are_not_deployed(findings: Findings, template: str) -> None:
    assert findings({f"{template}/app.py": FLASK, f"{template}/web.py": "{{ broken }\n"}) == ()
    assert findings({f"{template}/Procfile": "web: nothing\n", "tests.py": ""}) == ()


def test_no_other_folder_is_offered_where_the_import_ends_early(findings: Findings) -> None:
    ends = "import sys\ndef fatal(text):\n    sys.exit(1)\n"
    code = f"from shop import fatal\n{FLASK}fatal('no key')\n"
    assert not [f for f in findings({"shop/__init__.py": ends, "shop/server.py": code}) if "--chdir" in f.advice]


def test_the_start_of_another_app_is_not_that_of_the_one_that_is_offered(findings: Findings) -> None:
    files = {"parts/one/app.py": FLASK, "parts/two/app.py": f"{FLASK}{MAIN}"}
    (found,) = findings(files, rule="missing-start-command")
    assert found.span.path == "parts/one/app.py"
    assert "parts.one.app:app" in found.advice
