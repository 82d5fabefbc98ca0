"""Gathers the words users see and brings the translations up to date: make messages.

New words arrive in the .po files untranslated; words that left the source leave them too.
"""

import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from palabre.base import i18n

SOURCE = Path(i18n.__file__).parent.parent
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
NOISE = (
    '"Project-',
    '"Report-',
    '"POT-',
    '"PO-',
    '"Last-',
    '"Language-Team',
    '"Generated-',
    '"MIME-',
)  # changes with every run
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}


def source_catalog() -> Catalog:
    """Every string the source asks to translate."""
    catalog = Catalog(project="Palabre", domain=i18n.DOMAIN)
    found = extract_from_dir(SOURCE, METHODS, OPTIONS, comment_tags=["NOTE:"])
    for filename, _line, message, comments, context in found:
        catalog.add(message, locations=[(filename, 0)], auto_comments=comments, context=context)
    return catalog


def translation(lang: str) -> Catalog:
    """The catalogue of one language, as it stands in the repository."""
    with _path(lang).open("rb") as po:
        return read_po(po, locale=lang, domain=i18n.DOMAIN)


def update(lang: str) -> list[Message]:
    """Brings the language's .po file in step with the source; returns what is left to translate."""
    catalog = translation(lang)
    catalog.update(source_catalog(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    text = io.BytesIO()
    write_po(text, catalog, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    lines = text.getvalue().decode().strip().splitlines(keepends=True)
    _path(lang).write_text("".join(line for line in lines if not line.startswith(NOISE)) + "\n", "utf-8")
    return [message for message in catalog if message.id and not _translated(message)]


def _translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings)


def _path(lang: str) -> Path:
    return i18n.LOCALES / lang / "LC_MESSAGES" / f"{i18n.DOMAIN}.po"


if __name__ == "__main__":
    for language in i18n.available()[1:]:
        left = update(language)
        print(f"{language}: {len(left)} to translate")
        for message in left:
            print(f"  {message.id}")
