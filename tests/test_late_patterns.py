"""Patterns are compiled when they are used; here all of them are."""

import gc
import importlib
import pkgutil
import re

import pytest

import adaptable_preflight
from adaptable_preflight.late_pattern import _Late, late_pattern


def test_every_pattern_of_the_project_is_one() -> None:
    for module in pkgutil.walk_packages(adaptable_preflight.__path__, "adaptable_preflight."):
        if not module.name.endswith(("__main__", ".action")):
            importlib.import_module(module.name)
    late = [one for one in gc.get_objects() if type(one) is _Late]
    assert len(late) > 100
    for one in late:
        assert re.compile(one._text, one._flags)


def test_a_late_pattern_does_what_the_compiled_one_does() -> None:
    word = late_pattern(r"w(or)d", re.IGNORECASE)
    found = word.search("a WORD")
    assert found is not None and found[1] == "OR"
    assert (word.sub("x", "words"), word.pattern, word.groups) == ("xs", r"w(or)d", 1)
    with pytest.raises(re.error):
        late_pattern("(").match("")
