"""What a bundle of this installation can hold: its tables, with its own worksheets and measures as codes."""

from collections.abc import Sequence
from dataclasses import replace

from server.measures.library import measures
from server.research import scores
from server.research.columns import File
from server.research.fields import FILES, PID, WORKSHEET_ID
from server.research.item_fields import wide_files, with_questions
from server.worksheets.definition import Worksheet
from server.worksheets.library import library


def files_of_installation() -> tuple[File, ...]:
    """Every file a bundle of this installation can have, with its worksheets and measures as codes."""
    every = published()
    known = scores.with_measures(with_worksheets(FILES), measures().every_version())
    return (*with_questions(known, every), *(file for one in every for file in wide_files(one, PID)))


def published() -> list[Worksheet]:
    """Every version of every worksheet, in a fixed order; a service's own tasks stay here."""
    return sorted(library().every(), key=lambda one: (one.id, one.version))


def with_worksheets(files: Sequence[File]) -> tuple[File, ...]:
    """The files, with this installation's worksheets as the codes of every column that names one."""
    titles = {worksheet.id: worksheet.title for worksheet in library().all()}
    return tuple(
        replace(
            file,
            columns=tuple(
                replace(column, codes=titles, pattern="") if column.pattern == WORKSHEET_ID else column
                for column in file.columns
            ),
        )
        for file in files
    )
