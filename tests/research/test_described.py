"""What describes a bundle for other programs is read by them, and says what the tables say."""

import json
from xml.etree import ElementTree

import pytest
from csvw import TableGroup
from fhir.resources.R4B.questionnaire import Questionnaire

from server.fhir.questionnaire import questionnaire
from server.worksheets.library import library

DDI = "{ddi:codebook:2_5}"
# The order in which DDI-Codebook 2.5 wants what is inside a variable, of which we write these.
VARIABLE = ["labl", "qstn", "catgry", "concept", "varFormat"]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_csvw_reads_every_cell_by_its_metadata_and_every_key_points_at_a_row(bundle):
    group = TableGroup.from_file(bundle.folder / "codebook" / "csvw-metadata.json")
    names = [one["name"] for one in bundle.json("datapackage.json")["resources"]]
    assert len(group.tables) == len(names)
    for table, name in zip(group.tables, names, strict=True):
        read = list(table.iterdicts(strict=True))
        assert len(read) == len(bundle.rows(name))
    times = next(table for table in group.tables if table.local_name.endswith("/occurrences_data.csv"))
    first, row = next(iter(times.iterdicts(strict=True))), bundle.rows("occurrences")[0]
    assert (first["state"], first["opens_day"]) == (row["state"], int(row["opens_day"]))
    assert group.check_referential_integrity() is not False


def test_ddi_has_every_variable_with_its_categories(bundle):
    book = ElementTree.fromstring(bundle.files()["codebook/codebook.ddi.xml"])
    assert book.tag == f"{DDI}codeBook"
    assert [one.tag.removeprefix(DDI) for one in book][:2] == ["docDscr", "stdyDscr"]
    found = {one.get("ID"): one for one in book.iter(f"{DDI}var")}
    files = {one.get("ID") for one in book.iter(f"{DDI}fileDscr")}
    for resource in bundle.json("datapackage.json")["resources"]:
        assert f"F.{resource['name']}" in files
        for field in resource["schema"]["fields"]:
            var = found.pop(f"F.{resource['name']}.{field['name']}")
            assert var.findtext(f"{DDI}labl") == field["description"]
            inside = [VARIABLE.index(one.tag.removeprefix(DDI)) for one in var]
            assert inside == sorted(inside)
            kept = [c.findtext(f"{DDI}catValu") for c in var.iter(f"{DDI}catgry") if c.get("missing") != "Y"]
            assert kept == field["constraints"].get("enum", [])
    assert found == {}
    sizes = {f.findtext(f".//{DDI}fileName"): f.findtext(f".//{DDI}caseQnty") for f in book.iter(f"{DDI}fileDscr")}
    assert sizes["data/occurrences_data.csv"] == str(len(bundle.rows("occurrences")))


def test_every_instrument_that_was_filled_in_is_there_word_by_word(demo_app, bundle):
    found = {path: content for path, content in bundle.files().items() if path.startswith("instruments/")}
    filled_in = {(row["worksheet"], int(row["worksheet_version"])) for row in bundle.rows("items")}
    assert len(found) == len(filled_in)
    for worksheet_id, version in filled_in:
        worksheet = library().get(worksheet_id, version)
        content = json.loads(found[f"instruments/{worksheet.key.replace('/', '-')}.json"])
        assert content == json.loads(json.dumps(questionnaire(worksheet)))
        Questionnaire.model_validate(content)
