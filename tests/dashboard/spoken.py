"""What a page says, in the order in which it is said: landmarks, headings, text, links, buttons and fields."""

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

LANDMARKS = {"header": "banner", "nav": "navigation", "main": "main", "footer": "contentinfo", "section": "region"}
ASIDE = ("script", "style", "svg", "template", "noscript")


def spoken(page: BeautifulSoup) -> list[str]:
    """One line for each thing said. What is hidden from screen readers is left out; a drawing says its title."""
    return [line for line in _lines(page.body) if line.strip()]


def _lines(node):
    for child in node.children:
        if isinstance(child, NavigableString):
            if not isinstance(child, Comment) and child.strip():
                yield " ".join(child.split())
        elif isinstance(child, Tag) and child.get("aria-hidden") != "true" and child.get("type") != "hidden":
            yield from _said(child)


def _said(tag: Tag):
    text = " ".join(tag.get_text(" ", strip=True).split())
    if tag.name in ("h1", "h2", "h3", "h4"):
        yield f"heading {tag.name[1]}: {text}"
    elif tag.name == "a":
        yield f"link: {text}"
    elif tag.name == "button" and not tag.has_attr("hidden"):
        yield f"button: {text}"
    elif tag.name == "summary":
        yield f"open: {text}"
    elif tag.name in ("input", "textarea", "select"):
        yield f"field: {tag.get('type', tag.name)}"
    elif tag.name == "svg" and tag.get("role") == "img":
        yield f"picture: {tag.title.text if tag.title else ''}"
    elif tag.name in LANDMARKS:
        yield f"[{LANDMARKS[tag.name]}{': ' + tag['aria-label'] if tag.get('aria-label') else ''}]"
        yield from _lines(tag)
    elif tag.name == "details" and not tag.has_attr("open"):
        yield f"closed: {' '.join(tag.summary.get_text(' ', strip=True).split())}"
    elif tag.name not in ASIDE:
        yield from _lines(tag)
