"""The languages people choose among: those spoken most, and the reader's names of them in the reader's order."""

from functools import lru_cache

from palabre.base import i18n

#: Written by many, and so offered; a post may be in any other too.
_CODES = """af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl ha he hi hr hu hy id ig is it ja ka kk
    km kn ko ku ky lb ln lo lt lv mg mk ml mn mr ms my ne nl no pa pl ps pt ro ru rw sk sl so sq sr sv sw ta te th tr
    uk ur uz vi wo xh yi yo zh zu""".split()


@lru_cache(maxsize=32)
def languages(lang: str) -> list[tuple[str, str]]:
    """(code, name) in the reader's language, sorted by name."""
    named = [(code, i18n.language_name(code, lang)) for code in _CODES]
    return sorted(named, key=lambda choice: _plain(choice[1]))


def site_languages() -> list[tuple[str, str]]:
    """The languages Palabre's own words exist in, each by its own name."""
    return [(code, i18n.language_name(code, code).capitalize()) for code in i18n.available()]


def _plain(name: str) -> str:
    from palabre.base.fold import fold

    return fold(name)
