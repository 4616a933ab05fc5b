"""Libraries of bots: the calls that wait for messages until the process ends, and serve no HTTP."""

from typing import Final

from adaptable_preflight.late_pattern import late_pattern

_BLOCKING: Final = late_pattern(
    # https://discordpy.readthedocs.io/en/stable/api.html#discord.Client.run, and the forks with the same names
    r"(?:discord|disnake|nextcord)\.(?:ext\.commands\.)?(?:AutoSharded)?(?:Client|Bot)\.run"
    # https://docs.python-telegram-bot.org/en/stable/telegram.ext.application.html#telegram.ext.Application.run_polling
    r"|telegram\.ext\.Application(?:Builder)?\.(?:\w+\.)*run_polling|telegram\.ext\.Updater\.idle"
    # https://pytba.readthedocs.io/en/latest/sync_version/index.html#telebot.TeleBot.infinity_polling
    r"|telebot\.TeleBot\.(?:infinity_)?polling"
    # https://docs.aiogram.dev/en/latest/dispatcher/long_polling.html, and `executor` of aiogram 2
    r"|aiogram\.(?:utils\.)?executor\.start_polling|aiogram\.Dispatcher\.run_polling"
    # https://docs.slack.dev/tools/bolt-python/concepts/socket-mode
    r"|slack_bolt\.adapter\.socket_mode\.(?:builtin\.)?SocketModeHandler\.start"
    # https://twitchio.dev/en/latest/
    r"|twitchio\.ext\.commands\.(?:AutoSharded)?Bot\.run"
)
_BLOCKING_ALONE: Final = late_pattern(r"pyrogram\.Client\.run")
"""The same without an argument: https://docs.pyrogram.org/api/methods/run"""
_AWAITED: Final = late_pattern(
    r"aiogram\.Dispatcher\.start_polling|telebot\.async_telebot\.AsyncTeleBot\.(?:infinity_)?polling"
    r"|(?:discord|disnake|nextcord)\.(?:ext\.commands\.)?(?:AutoSharded)?(?:Client|Bot)\.start"
    r"|telethon\.TelegramClient\.run_until_disconnected"
)
_BESIDE: Final = late_pattern(r"telegram\.ext\.Updater\.start_polling")
WEB_MODULES: Final = frozenset(
    "aiohttp aiohttp.web bottle cherrypy fastapi flask http.server hypercorn quart sanic socketserver starlette "
    "tornado uvicorn waitress webserver werkzeug wsgiref".split()
)
"""Modules with which a function of the bot may serve HTTP, such as `on_ready`."""


def waits(name: str, given: bool) -> bool:
    """Whether a call waits for messages and does not return; `given`: whether it has arguments."""
    return _BLOCKING.fullmatch(name) is not None or (not given and _BLOCKING_ALONE.fullmatch(name) is not None)


def waits_when_awaited(name: str) -> bool:
    """Whether what a call makes does so when it is awaited."""
    return _AWAITED.fullmatch(name) is not None


def polls(name: str) -> bool:
    """Whether a call, or what it makes, fetches messages, in a thread of its own or once it is awaited."""
    return waits_when_awaited(name) or _BESIDE.fullmatch(name) is not None
