"""The names of a module that are only bound below `__main__`: whoever imports the module has none of them."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from adaptable_preflight.read.python.parse import parse
from adaptable_preflight.source import Source


@lru_cache(maxsize=64)
def names_below_main(source: Source) -> frozenset[str]:
    """Return the names that only the main program binds, itself or by a function that nothing else names."""
    tree = parse(source)
    if not isinstance(tree, ast.Module):
        return frozenset()
    main = [one for one in tree.body if isinstance(one, ast.If) and _asks_for_main(one.test)]
    others = [one for one in tree.body if one not in main] + [inner for one in main for inner in one.orelse]
    below = [inner for one in main for inner in one.body]
    used = {node.id for one in others for node in ast.walk(one) if isinstance(node, ast.Name)}
    called = {node.id for one in below for node in ast.walk(one) if isinstance(node, ast.Name)} - used
    functions = [one for one in others if isinstance(one, ast.FunctionDef) and not one.decorator_list]
    by_hand: list[ast.stmt] = [one for one in functions if one.name in called]
    elsewhere = [one for one in others if one not in by_hand]
    return frozenset({*_bound(below), *_globals(by_hand)} - {*_bound(elsewhere), *_globals(elsewhere)})


def _asks_for_main(test: ast.expr) -> bool:
    """Whether a condition is `__name__ == "__main__"`."""
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, *test.comparators)
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def _bound(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements bind in the scope in which they stand."""
    pending: list[ast.AST] = list(statements)
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
                continue
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]
            case ast.ExceptHandler(name=str(name)):
                yield name
        pending.extend(ast.iter_child_nodes(node))


def _globals(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the names that functions declare to be the module's."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Global):
                yield from node.names
