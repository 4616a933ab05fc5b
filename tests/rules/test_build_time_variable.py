"""Steps of a Dockerfile that import Django's settings, and the variables that these ask for."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding

Findings = Callable[..., tuple[Finding, ...]]

FILES = {
    "shop/__init__.py": "",
    "shop/wsgi.py": (
        "import os\nfrom django.core.wsgi import get_wsgi_application\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n"
    ),
    "manage.py": "",
}
COLLECT = "python manage.py collectstatic --noinput"


@pytest.mark.parametrize(
    ("settings", "steps", "count"),
    [
        ("os.environ['SECRET_KEY']", f"RUN {COLLECT}", 1),
        ("os.environ.get('SECRET_KEY', 'x')", f"RUN {COLLECT}", 0),
        ("os.environ['SECRET_KEY']", f"RUN SECRET_KEY=x {COLLECT}", 0),
        ("os.environ['SECRET_KEY']", f"RUN export SECRET_KEY=x && {COLLECT}", 0),
        ("os.environ['SECRET_KEY']", f"ARG SECRET_KEY\nRUN {COLLECT}", 0),
        ("os.environ['SECRET_KEY']", f"ENV SECRET_KEY=x\nRUN {COLLECT}", 0),
        ("os.environ['SECRET_KEY']", f"RUN {COLLECT} --settings=shop.build", 0),
        ("os.environ['SECRET_KEY']", "RUN python manage.py --version", 0),
        ("os.environ['SECRET_KEY'] if 'DYNO' in os.environ else 'x'", f"RUN {COLLECT}", 0),
    ],
)
def test_variables_of_the_settings(findings: Findings, settings: str, steps: str, count: int) -> None:
    image = f"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install django gunicorn\n{steps}\n"
    files = FILES | {
        "shop/settings.py": f"import os\nSECRET_KEY = {settings}\nINSTALLED_APPS = []\n",
        "Dockerfile": f"{image}CMD gunicorn shop.wsgi --bind :$PORT\n",
    }
    found = findings(files, rule="build-time-variable", platform="cloud-run")
    assert ["SECRET_KEY" in finding.message for finding in found] == [True] * count
