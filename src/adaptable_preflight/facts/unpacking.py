"""Calls that may put any number of files on the disk without naming them: commands, archives, folders of models."""

from typing import Final

from adaptable_preflight.model import Call
from adaptable_preflight.value import Items, Value, text_of

_COMMANDS: Final = frozenset(
    "os.system os.popen subprocess.run subprocess.call subprocess.check_call subprocess.check_output "
    "subprocess.getoutput subprocess.Popen".split()
)
_HARMLESS: Final = frozenset("clear cls pip pip3 ls chmod echo sleep kill date pwd uname which".split())
"""Programs that put no file of the app on the disk."""

_FOLDERS: Final = (
    "shutil.unpack_archive",
    ".extractall",
    ".extract_archive",
    "dvc.repo.Repo.pull",
    "gdown.download_folder",
    "snapshot_download",
    "git.Repo.clone_from",
    "kaggle.api.dataset_download_files",
)
"""Calls that write whatever an archive or a remote folder holds. Sources: the documentation of shutil, zipfile and
tarfile, https://doc.dvc.org/command-reference/pull, https://github.com/wkentaro/gdown#api-usage,
https://huggingface.co/docs/huggingface_hub/guides/download,
https://gitpython.readthedocs.io/en/stable/reference.html, https://github.com/Kaggle/kaggle-api."""


def makes_anything(call: Call) -> bool:
    """Whether a call may make files that nobody can tell."""
    if call.name in _COMMANDS:
        return bool(call.arguments) and not _is_harmless(_words(call.arguments[0].value))
    return call.name.endswith(_FOLDERS)


def _is_harmless(words: list[str]) -> bool:
    asks_git = words[:1] == ["git"] and words[1:2] in (["rev-parse"], ["describe"], ["log"], ["status"], ["config"])
    return asks_git or bool(words[:1] and words[0] in _HARMLESS)


def _words(command: Value) -> list[str]:
    """Return the words of a command as far as they are known."""
    if isinstance(command, Items):
        return [text_of(item) or "" for item in command.items]
    return (text_of(command) or "").split()
