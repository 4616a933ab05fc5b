"""Bots: programs that wait for messages and serve no HTTP."""

from collections.abc import Callable

import pytest

from adaptable_preflight.finding import Finding
from adaptable_preflight.model import Deployment

Findings = Callable[..., tuple[Finding, ...]]

DISCORD = "import discord\nclient = discord.Client(intents=None)\n"
TELEBOT = "import telebot\nbot = telebot.TeleBot('x')\n"


@pytest.mark.parametrize(
    "code",
    [
        DISCORD + "client.run('x')\n",
        "from discord.ext import commands\nclass Bot(commands.Bot):\n    pass\nBot('!').run('x')\n",
        "from telegram.ext import Application\nApplication.builder().token('x').build().run_polling()\n",
        "from telegram.ext import Updater\nu = Updater('x')\nu.start_polling()\nu.idle()\n",
        "import asyncio\nfrom aiogram import Dispatcher\nasyncio.run(Dispatcher().start_polling(1))\n",
        TELEBOT + "bot.infinity_polling()\n",
        "from pyrogram import Client\nClient('x').run()\n",
    ],
)
def test_a_bot_serves_no_http(findings: Findings, code: str) -> None:
    (found,) = findings({"bot.py": code}, "python bot.py", rule="no-http-server")
    assert "keeps running without listening" in found.message
    assert findings({"bot.py": code}, "python bot.py", rule="slow-import") == ()


@pytest.mark.parametrize(
    "code",
    [
        "from telegram.ext import Application\nApplication.builder().build().run_webhook(listen='0.0.0.0', port=80)\n",
        "from aiohttp import web\n" + DISCORD + "client.run('x')\n",
        "from pyrogram import Client\nasync def main():\n    pass\nClient('x').run(main())\n",
    ],
)
def test_a_bot_that_may_serve(deployment: Callable[..., Deployment], code: str) -> None:
    web = deployment({"bot.py": code}, "python bot.py").web
    assert web is not None
    assert web.outcome == "unknown"


def test_a_server_beside_a_bot(deployment: Callable[..., Deployment], findings: Findings) -> None:
    serve = "from threading import Thread\nfrom flask import Flask\napp = Flask('')\n"
    serve += "Thread(target=lambda: app.run(host='0.0.0.0', port=8000)).start()\n"
    files = {"requirements.txt": "flask\ndiscord.py\n", "bot.py": serve + DISCORD + "client.run('x')\n"}
    web = deployment(files, "python bot.py").web
    assert web is not None
    assert web.outcome == "listens"
    (found,) = findings(files, "python bot.py", rule="dev-server")
    assert "waitress.serve" in found.advice


def test_a_task_of_a_bot_lets_the_app_start(deployment: Callable[..., Deployment]) -> None:
    code = "import asyncio\nfrom fastapi import FastAPI\nfrom aiogram import Dispatcher\ndp = Dispatcher()\n"
    code += "async def lifespan(app):\n    asyncio.create_task(dp.start_polling(1))\n    yield\n"
    files = {"requirements.txt": "fastapi\naiogram\n", "bot.py": code + "app = FastAPI(lifespan=lifespan)\n"}
    web = deployment(files, "uvicorn bot:app --host 0.0.0.0").web
    assert web is not None
    assert web.outcome == "listens"


def test_an_app_behind_a_bot_is_never_served(findings: Findings) -> None:
    code = "from flask import Flask\napp = Flask(__name__)\n" + DISCORD + "client.run('x')\n"
    (found,) = findings({"bot.py": code}, "gunicorn bot:app", rule="slow-import")
    assert "gunicorn on Adaptable never comes to serve it" in found.message
