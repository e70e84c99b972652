"""Other languages made whole: what is not translated yet has a text that was made up."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from build_app import node_and_environment
from server.worksheets.library import Library
from server.worksheets.translations import Text, file_of, filled_up, read_translation, text_hash, to_translate
from tests.journeys.sites.running import ROOT

MADE_UP = {"cy": "Cymraeg:", "pl": "Polski:", "ur": "اردو:"}
VOWELS = str.maketrans("aeiouAEIOU", "àèìòùÀÈÌÒÙ")
SHEET = "low-intensity-cbt/thought-record"
# English text by catalogue, and each language as it is built.
TOLD = """
import { ENGLISH, allOf, formsOf, told } from './pwa/translations.ts'
const of = (code) => ({ words: allOf(code), forms: formsOf(code), told: told(code) })
const languages = Object.fromEntries(process.argv.slice(1).map((code) => [code, of(code)]))
console.log(JSON.stringify({ english: ENGLISH, languages }))
"""


@dataclass
class Spoken:
    """The English texts, and the words of each language, by catalogue and key."""

    english: dict
    words: dict[str, dict]

    def pairs(self, language: str) -> list[tuple[str, str]]:
        """(English, the same in this language) of every text that is one line in both, and differs."""
        found = [
            (english, self.words[language][name][key])
            for name, catalogue in self.english.items()
            for key, english in catalogue.items()
        ]
        return [pair for pair in found if all(isinstance(one, str) for one in pair) and pair[0] != pair[1]]

    def said(self, language: str, catalogue: str, key: str) -> str:
        """One text, as it stands in the catalogue."""
        return self.words[language][catalogue][key]


def app(folder: Path) -> Spoken:
    """Copy the built app to `folder` with every language whole."""
    node, env = node_and_environment()
    command = [node, "--input-type=module", "-e", TOLD, *MADE_UP]
    told = json.loads(subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout)
    shutil.copytree(ROOT / "pwa" / "dist", folder)
    languages = json.loads((folder / "languages.json").read_text(encoding="utf-8"))
    words = {}
    for code, one in told["languages"].items():
        words[code] = {
            name: {key: one["words"][name].get(key) or _made_up(code, text, one["forms"]) for key, text in of.items()}
            for name, of in told["english"].items()
        }
        (folder / f"words-{code}.json").write_text(json.dumps(words[code], ensure_ascii=False), encoding="utf-8")
        for counts in languages[code]["catalogues"].values():
            counts["there"] = counts["texts"]
    (folder / "languages.json").write_text(json.dumps(languages), encoding="utf-8")
    return Spoken(told["english"], words)


def worksheets(folder: Path) -> None:
    """Copy the worksheets to `folder`, the thought record whole in every language."""
    shutil.copytree(ROOT / "worksheets", folder)
    sheet = Library.load(folder).newest(SHEET)
    for code in MADE_UP:
        path = file_of(folder, code, sheet)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(filled_up(sheet, code, None), encoding="utf-8")
        there, _ = read_translation(path)
        for key, english in to_translate(sheet).items():
            old = there.texts.get(key)
            if old is None or not old.text or old.made_from != text_hash(english):
                there.texts[key] = Text(text_hash(english), english, made_up(code, english))
        path.write_text(filled_up(sheet, code, there), encoding="utf-8")


def sheet_in(folder: Path, language: str) -> dict[str, str]:
    """The texts of the thought record in this language, by key."""
    sheet = Library.load(folder).newest(SHEET)
    return {key: one.text for key, one in read_translation(file_of(folder, language, sheet))[0].texts.items()}


def made_up(code: str, text: str) -> str:
    """Text with another mark and other vowels; its places stay."""
    parts = re.split(r"(\{\w+\})", text)
    return f"{MADE_UP[code]} " + "".join(one if one.startswith("{") else one.translate(VOWELS) for one in parts)


def _made_up(code: str, text, forms: list[str]):
    if isinstance(text, str):
        return made_up(code, text)
    return dict.fromkeys(forms, made_up(code, text["other"]))
