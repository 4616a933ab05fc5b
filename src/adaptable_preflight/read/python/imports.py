"""Imports: modules of the repository are executed, each once; those of libraries are noted."""

import ast

from adaptable_preflight.knowledge.modules import familiar, of_python
from adaptable_preflight.knowledge.presence import is_brought, may_bring
from adaptable_preflight.model import Import, Unreadable
from adaptable_preflight.read.python import (
    access,
    django_registry,
    library,
    modules,
    relevance,
)
from adaptable_preflight.read.python.machine import Machine, Raise
from adaptable_preflight.read.python.objects import (
    External,
    Frame,
    Module,
    Object,
    Sequence,
)
from adaptable_preflight.read.python.parse import parse
from adaptable_preflight.source import Source, Span
from adaptable_preflight.value import CHECKOUT, Known, Unknown

IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def import_(machine: Machine, frame: Frame, node: ast.Import) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        span = frame.span(node)
        found = import_name(machine, alias.name, span, alias.name)
        if alias.asname:
            frame.names[alias.asname] = found
            continue
        first = alias.name.split(".")[0]
        top = machine.modules.get(first) if isinstance(found, Module) else External(first, span)
        frame.names[first] = top if top is not None else found


def import_from(machine: Machine, frame: Frame, node: ast.ImportFrom) -> None:
    """`from a.b import c as d`."""
    span = frame.span(node)
    name = modules.absolute(frame.module, node.level, node.module or "")
    if name is None:
        raise Raise("ImportError", "attempted relative import with no known parent package", span)
    holder = import_name(machine, name, span, name, tuple(alias.name for alias in node.names))
    for alias in node.names:
        if alias.name == "*":
            _import_all(machine, frame, holder)
        else:
            frame.names[alias.asname or alias.name] = _imported(machine, frame, holder, alias)


def _imported(machine: Machine, frame: Frame, holder: Object, alias: ast.alias) -> Object:
    assert frame.module.source is not None
    span = frame.module.source.node(alias)
    if isinstance(holder, Module):
        try:
            return access.of_module(machine, holder, alias.name, span)
        except Raise as error:
            if error.kind != "AttributeError" or error.span != span:
                raise
            raise Raise("ImportError", _no_name(holder, alias.name), span) from None
    if isinstance(holder, External):
        full = f"{holder.name}.{alias.name}"
        return library.constant(machine, full, span) or External(full, span)
    return Unknown(f"«{alias.name}» comes from a module that is not followed", span)


def _no_name(module: Module, name: str) -> str:
    if module.loaded:
        return f"cannot import name '{name}' from '{module.name}'"
    return f"cannot import name '{name}' from {access.titled(module)} (most likely due to a circular import)"


def _import_all(machine: Machine, frame: Frame, holder: Object) -> None:
    if isinstance(holder, External):
        frame.module.stars.append(holder.name)
    if not isinstance(holder, Module):
        frame.module.open = True
        return
    frame.module.stars += holder.stars
    frame.module.open = frame.module.open or holder.open
    listed = holder.names.get("__all__")
    wanted = {i.value for i in listed.items if isinstance(i, Known)} if isinstance(listed, Sequence) else None
    for name, value in holder.names.items():
        if name in wanted if wanted is not None else not name.startswith("_"):
            frame.names[name] = value
            if name in holder.spans:
                frame.module.spans[name] = holder.spans[name]
                frame.module.guards[name] = (*machine.guards, *holder.guards.get(name, ()))


def import_name(
    machine: Machine, name: str, span: Span, noted: str = "", names: tuple[str, ...] = ()
) -> Module | External:
    """Import a module of the repository, or note that one of a library is imported."""
    module = import_module(machine, name, span)
    if module is not None and not (module.source is None and noted and not _below(machine, module, names)):
        return module
    if noted:
        note_import(machine, Import(noted, span, names=names), elsewhere=module is None)
    return (_beside(machine, name, span) if module is None and noted else None) or External(name, span)


def _beside(machine: Machine, name: str, span: Span) -> Module | None:
    """Import what stands beside the importing file, as Python 2 did, where nothing else is known to have the name.

    The import fails; what is behind it is read as if the module had been named by its place, and so are modules that
    stand beside another file which has imported so. Only for the statement: `importlib.import_module` looked elsewhere.
    """
    importing = machine.frames[-1].module if machine.frames else None
    known = machine.beside if familiar(name) and "." not in name else (importing, *machine.beside)
    meant = (modules.absolute(one, 1, name) for one in known if one is not None)
    found = next((one for one in meant if one is not None and isinstance(machine.find(one), Module)), None)
    if found is None or of_python(name) or (importing is not None and found == importing.name):
        return None
    if not machine.installed.known or is_brought(machine.installed, name) or may_bring(machine.installed, name):
        return None
    if importing is not None and importing not in machine.beside:
        machine.beside.append(importing)
    library.gap(machine, f"the import of «{name}» fails: Python 3 does not look beside the importing file", span)
    return import_module(machine, found, span)


def note_import(machine: Machine, one: Import, elsewhere: bool = True) -> None:
    """Note that a library's module is imported; `elsewhere`: the repository has no folder of that name."""
    guarded = one.guarded or machine.undecided or any(kinds & IMPORT_ERRORS for kinds in machine.catching)
    folders = tuple(machine.search) if elsewhere and not machine.astray and not machine.guards else ()
    django_registry.note_import(machine, one)
    machine.imports.append(one._replace(guarded=guarded, phase=machine.phase, folders=folders))


def _below(machine: Machine, package: Module, names: tuple[str, ...]) -> bool:
    """Whether a folder without `__init__.py` holds one of the names: else an installed library is meant."""
    return any(machine.find(f"{package.name}.{name}") for name in names) or any(
        loaded.startswith(f"{package.name}.") for loaded in machine.modules
    )


def import_module(machine: Machine, name: str, span: Span) -> Module | None:
    """Execute a module of the repository and the packages around it, each once; None where it is a library's."""
    parts = name.split(".")
    parent: Module | None = None
    for end in range(1, len(parts) + 1):
        full = ".".join(parts[:end])
        module = machine.modules.get(full)
        if module is None:
            found = machine.find(full)
            if isinstance(found, Unreadable):
                found = unread(machine, found, full, span)
            if found is None:
                if parent is not None and modules.is_closed(machine.checkout, parent, parts[end - 1]):
                    raise Raise("ModuleNotFoundError", f"No module named '{full}'", span)
                return None
            module = found
            _run_imported(machine, module)
        if parent is not None and parts[end - 1] not in parent.names:
            parent.names[parts[end - 1]] = module
        parent = module
    return parent


def unread(machine: Machine, file: Unreadable, name: str, span: Span) -> Module:
    """Return what an import of a file gives that cannot be read here, as it may be too large."""
    machine.unreadable.append(file)
    library.gap(machine, f"«{file.path}» cannot be read: {file.why}", span)
    if file.breaks:
        raise Raise("SyntaxError", f"{file.path}: {file.why}", span)
    made = Module(name, file.path, None, package=False)
    made.open = True
    return made


def _run_imported(machine: Machine, module: Module) -> None:
    """Execute a module; one that a program imports which runs for each visitor is executed once for all of them."""
    phase = machine.phase
    machine.phase = "import" if machine.visited is not None else phase
    try:
        run_module(machine, module)
    finally:
        machine.phase = phase


def run_module(machine: Machine, module: Module, name: str = "") -> None:
    """Execute a module's body; `name` is its `__name__` where that differs."""
    machine.modules[name or module.name] = module
    if module.source is None:
        module.loaded = True
        return
    if not name and machine.executed > relevance.BUDGET and not relevance.matters(module.source):
        _skim(machine, module, module.source)
        return
    machine.executed += len(module.source.text)
    machine.astray = machine.astray or modules.changes_search(module.source)
    tree = parse(module.source, machine.installed.python)
    if isinstance(tree, Unreadable):
        machine.unreadable.append(tree)
        library.gap(machine, f"«{tree.path}» cannot be read: {tree.why}", tree.span)
        if tree.breaks:
            raise Raise("SyntaxError", tree.why, tree.span)
        module.open = module.loaded = True
        return
    package = module.name if module.package else module.name.rpartition(".")[0]
    module.names.update(
        __name__=Known(name or module.name),
        __file__=Known(f"{CHECKOUT}/{module.path}"),
        __package__=Known(package),
        __doc__=Known(ast.get_docstring(tree, clean=False)),
    )
    frame = Frame(module, module.names)
    machine.frames.append(frame)
    try:
        machine.do.execute(machine, frame, tree.body)
    except Raise:
        machine.modules.pop(module.name, None)
        raise
    finally:
        machine.frames.pop()
        module.loaded = True


def _skim(machine: Machine, module: Module, source: Source) -> None:
    """Follow just the imports of a module that cannot matter; its names are not known."""
    module.open = module.loaded = True
    for level, name, names, offset in relevance.imports(source):
        wanted = modules.absolute(module, level, name)
        if wanted is None:
            continue
        span = source.span(offset, offset)
        machine.catching.append(frozenset({"ImportError"}))
        machine.trials += 1
        try:
            found = import_name(machine, wanted, span, wanted, names)
            for one in names if isinstance(found, Module) and found.package else ():
                access.machine_import(machine, f"{wanted}.{one}", span)
        except Raise:
            continue
        finally:
            machine.trials -= 1
            machine.catching.pop()


def name_of_file(path: str) -> str:
    """Return the name of a module that a file is executed as, which belongs to no package."""
    return f"<{path.replace('.', '_')}>"


def run_file(machine: Machine, path: str) -> Module | None:
    """Execute a file that nothing searches for, such as a configuration file, once; None where it cannot be read."""
    name = name_of_file(path)
    source = machine.checkout.read(path)
    if name in machine.modules or not isinstance(source, Source):
        return machine.modules.get(name)
    module = Module(name, path, source, package=False)
    run_module(machine, module)
    return module
