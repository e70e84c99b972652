"""The phone's first screen fits its budget in every way the app may start."""

import pytest

from tests.benchmarks.app_weight import BUDGET, STARTS, files_of, imports, weights


@pytest.mark.parametrize("start", STARTS)
def test_each_start_of_the_phone_fits_the_budget(start):
    assert 15_000 < weights(STARTS)[start] <= BUDGET


def test_what_a_chunk_imports_is_weighed_with_it(tmp_path):
    (tmp_path / "assets").mkdir()
    scripts = {
        "index-00000000.js": "import{a}from`./deep-00000000.js`;import('./later-00000000.js')",
        "deep-00000000.js": 'import "./deeper-00000000.js"',
        "deeper-00000000.js": "",
        "today-00000000.js": "import{b as t}from'./own-00000000.js'",
        "own-00000000.js": "",
        "later-00000000.js": "",
    }
    for name, text in scripts.items():
        (tmp_path / "assets" / name).write_text(text)
    (tmp_path / "index.html").write_text('<script src="/assets/index-00000000.js"></script>')
    found = {name.removeprefix("assets/").split("-")[0] for name in files_of(["today"], tmp_path)}
    assert found == {"index", "deep", "deeper", "today", "own", "index.html", "start.js", "icon.svg"}
    assert imports(tmp_path / "index.html") == set()
