"""Answers as rows of a page."""

from server.worksheets.rules import reading_form


def rows_of(worksheet, answers) -> list[tuple[str, str]]:
    """What was written, under the labels of its worksheet; of a free task, which has no questions, its own names."""
    if worksheet:
        return reading_form(worksheet, answers)
    given = answers if isinstance(answers, dict) else {}
    return [
        (str(name).replace("_", " ").capitalize(), str(value))
        for name, value in given.items()
        if value not in ("", None)
    ]
