"""What the code promises about itself: each function returns whatever breaks one promise in a checkout."""

import ast
import hashlib
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

CODE = {".py", ".ts", ".tsx", ".js", ".mjs", ".sh", ".html", ".jinja", ".css", ".scss", ".md"}
GENERATED = ("requirements.txt", "requirements-test.txt", "package-lock.json", "LICENSE")
CLOCK_READS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "time.localtime", "time.gmtime",
}  # fmt: skip
# Written in two halves, so that this file does not break the promise itself.
REGISTRIES = tuple(
    "".join(halves)
    for halves in (
        ("pypi", ".org"), ("python", "hosted.org"), ("registry.", "npmjs"), ("registry.", "yarnpkg"),
        ("deb.", "debian.org"), ("security.", "debian.org"), ("archive.", "ubuntu.com"),
    )
)  # fmt: skip
BANNED_IN_NAMES = {"patient", "homework", "compliance", "adherence", "overdue", "streak"}
BANNED_FILES = {"utils", "helpers", "common", "base", "manager", "service"}
BANNED_ON_SCREEN = ("homework", "compliance", "failed", "overdue", "streak", "patient", "patients")
BANNED_FOR_CLIENTS = (*BANNED_ON_SCREEN, "should")


# Folder of pwa/src: what it may import besides itself. `type X` allows types alone.
PHONE_FLOORS = {
    "worksheet": set(),
    "words": set(),
    "sync": {"worksheet"},
    "api": {"sync", "worksheet"},
    "store": {"sync", "worksheet", "idb"},
    "actions": {"api", "store", "sync", "worksheet"},
    "screens": {"actions", "sync", "worksheet", "words", "styles", "preact", "type store", "type api"},
}


def files(root: Path, *suffixes: str) -> list[Path]:
    """The files git knows or would add, so that what is built or ignored is left out."""
    listed = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    found = (root / name for name in sorted(set(listed)) if name)
    return [path for path in found if path.is_file() and (not suffixes or path.suffix in suffixes)]


def long_files(root: Path) -> list[str]:
    """No file over 400 lines, README at most 120."""
    broken = []
    for path in files(root, *CODE, ""):
        lines = path.read_bytes().count(b"\n")
        most = 120 if path == root / "README.md" else 400
        if path.name not in GENERATED and lines > most:
            broken.append(f"{_at(root, path)}: {lines} lines, at most {most}")
    return broken


def long_functions(root: Path) -> list[str]:
    """No function over 40 lines, from the first statement after its docstring."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        f"{where}: {node.name} has {length} lines, at most 40"
        for where, node in _server_nodes(root)
        if isinstance(node, functions)
        and (length := _body_length(node)) > 40
        and "migrations/versions/" not in where  # a list of columns
    ]


def modules_without_a_sentence(root: Path) -> list[str]:
    """Every module that has code opens with one sentence saying what it is for."""
    broken = []
    for path in _python(root):
        tree = ast.parse(path.read_text("utf-8"))
        said = (ast.get_docstring(tree) or "").strip()
        if tree.body and not said.partition("\n")[0].endswith((".", "…")):
            broken.append(f"{_at(root, path)}: no opening sentence")
    return broken


def commits_outside_atomic(root: Path) -> list[str]:
    """Only atomic(), in extensions.py, commits."""
    return [
        f"{where}: {ast.unparse(node)}"
        for where, node in _server_nodes(root)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and not where.startswith("server/extensions.py")
    ]


def clock_reads(root: Path) -> list[str]:
    """Only clock.py reads the time."""
    return [
        f"{where}: {name}"
        for where, node in _server_nodes(root)
        if isinstance(node, ast.Call)
        and (name := ".".join(ast.unparse(node.func).split(".")[-2:])) in CLOCK_READS
        and not where.startswith("server/clock.py")
    ]


def environment_reads(root: Path) -> list[str]:
    """Only config.py reads the environment."""
    return [
        f"{where}: {ast.unparse(node)}"
        for where, node in _server_nodes(root)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"os.environ", "os.getenv", "os.environb"}
        and not where.startswith("server/config.py")
    ]


def deferred_imports(root: Path) -> list[str]:
    """No import inside a function, and none of the whole package but where a process of the program starts."""
    broken = []
    for where, node in _server_nodes(root):
        inside = [child for child in ast.walk(node) if isinstance(child, ast.Import | ast.ImportFrom)]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            broken += [f"{where}: {node.name} imports {ast.unparse(child)}" for child in inside]
        if isinstance(node, ast.ImportFrom) and node.module == "server":
            names = {alias.name for alias in node.names}
            if "create_app" in names and not where.partition(":")[0].endswith(("commands.py", "part_process.py")):
                broken.append(f"{where}: imports create_app")
    return broken


def phone_imports(root: Path) -> list[str]:
    """Screens draw, actions decide, store keeps, api talks; api and store never meet; the worker imports nothing."""
    broken = []
    for path in files(root, ".ts", ".tsx"):
        place = _at(root, path).removeprefix("pwa/src/")
        folder = place.partition("/")[0]
        if place == "sw.ts" or folder in PHONE_FLOORS:
            allowed = PHONE_FLOORS.get(folder, set()) | {folder, f"type {folder}"}
            allowed |= {f"type {name}" for name in allowed}
            broken += [f"{place}: {found}" for found in _phone_imports(root, path) if found not in allowed]
    return broken


def swallowed_errors(root: Path) -> list[str]:
    """Never `except Exception: pass`."""
    return [
        where
        for where, node in _server_nodes(root)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and all(isinstance(step, ast.Pass) for step in node.body)
    ]


def banned_names(root: Path) -> list[str]:
    """The words of the word table's last column name nothing in the code."""
    broken = []
    for path in [*_python(root), *files(root, ".ts", ".tsx")]:
        if path.stem.lower() in BANNED_FILES or _words(path.stem) & BANNED_IN_NAMES:
            broken.append(f"{_at(root, path)}: the file's name")
    for where, node in _server_nodes(root):
        name = getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "arg", None)
        if isinstance(name, str) and _words(name) & BANNED_IN_NAMES:
            broken.append(f"{where}: {name}")
    return broken


def banned_texts(root: Path) -> list[str]:
    """What people read has none of the words that blame, or that are not ours."""
    broken = []
    for path in files(root, ".html", ".jinja", ".yaml", ".ts"):
        place = _at(root, path)
        if place.startswith("server/") and "/templates/" in place:
            text, banned = _visible(path.read_text("utf-8")), BANNED_ON_SCREEN
        elif place.startswith("pwa/src/words/"):
            text, banned = " ".join(_strings(path.read_text("utf-8"))), BANNED_FOR_CLIENTS
        else:
            continue
        found = sorted({word for word in banned if re.search(rf"\b{word}\b", text, re.IGNORECASE)})
        broken += [f"{place}: {word}" for word in found]
    return broken


def download_addresses(root: Path) -> list[str]:
    """No address of a package registry in any file."""
    broken = []
    for path in files(root):
        text = path.read_bytes().decode("utf-8", "ignore")
        broken += [f"{_at(root, path)}: {address}" for address in REGISTRIES if address in text]
    return broken


def changed_worksheets(root: Path) -> list[str]:
    """A published worksheet is what it was: published.json holds the sha256 of its LF bytes."""
    folder = root / "worksheets"
    published = json.loads((folder / "published.json").read_text("utf-8"))
    broken = []
    for name, wanted in published.items():
        path = folder / (name if name.endswith(".yaml") else f"{name}.yaml")
        content = path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != wanted.removeprefix("sha256:"):
            broken.append(f"worksheets/{name}: changed after it was published; a correction is a new version")
    return broken


def unnumbered_migrations(root: Path) -> list[str]:
    """Migrations are numbered from 0001 without a gap."""
    names = sorted(path.name for path in (root / "server/migrations/versions").glob("*.py"))
    wanted = [f"{number:04}_" for number in range(1, len(names) + 1)]
    return [name for name, start in zip(names, wanted, strict=True) if not name.startswith(start)]


def _python(root: Path) -> list[Path]:
    return [path for path in files(root, ".py") if _at(root, path).startswith("server/")]


def _server_nodes(root: Path) -> Iterator[tuple[str, ast.AST]]:
    for path in _python(root):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield f"{_at(root, path)}:{getattr(node, 'lineno', 1)}", node


def _at(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _phone_imports(root: Path, path: Path) -> Iterator[str]:
    """What a file of the phone app imports: the folder of pwa/src, or the package, with `type` where only types."""
    source = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    statements = re.findall(r"^(import|export)\s+(type\s)?[^;'\"]*?from\s*['\"]([^'\"]+)", source, re.MULTILINE)
    statements += re.findall(r"\b(import)(\s|\s*\(\s*)['\"]([^'\"]+)", source)
    for _, types, name in statements:
        target = (path.parent / name).resolve() if name.startswith(".") else None
        inside = target and target.is_relative_to((root / "pwa" / "src").resolve())
        found = target.relative_to((root / "pwa" / "src").resolve()).parts[0] if inside else name.partition("/")[0]
        yield f"type {found}" if types.strip() == "type" else found


def _body_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    steps = function.body[1:] if ast.get_docstring(function, clean=False) else function.body
    return (function.end_lineno or 0) - steps[0].lineno + 1 if steps else 0


def _words(name: str) -> set[str]:
    return {word.lower().removesuffix("s") for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def _visible(template: str) -> str:
    without = re.sub(r"\{#.*?#\}|<!--.*?-->|<(script|style)\b.*?</\1>", " ", template, flags=re.DOTALL)
    quoted = " ".join(_strings(" ".join(re.findall(r"\{[{%].*?[}%]\}", without, flags=re.DOTALL))))
    return quoted + " " + re.sub(r"\{[{%].*?[}%]\}|<[^>]*>", " ", without, flags=re.DOTALL)


def _strings(code: str) -> list[str]:
    return [body for _, body in re.findall(r"([\"'`])((?:\\.|(?!\1).)*)\1", code, flags=re.DOTALL)]


PROMISES: tuple[Callable[[Path], list[str]], ...] = (
    long_files, long_functions, modules_without_a_sentence, commits_outside_atomic, clock_reads,
    environment_reads, deferred_imports, phone_imports, swallowed_errors, banned_names, banned_texts,
    download_addresses, changed_worksheets, unnumbered_migrations,
)  # fmt: skip
