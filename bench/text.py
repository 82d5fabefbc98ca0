"""Texts a second through clean, parse, render and length: `python -m bench.text`."""

import time
from collections.abc import Callable

from palabre.base.fold import fold, trigrams, words
from palabre.base.sanitise import sanitise
from palabre.base.text import Handle, MentionTarget, clean, length, parse, plain, render
from palabre.features.posts.language import guess_language

TYPICAL = (
    "Bonjour @bob et @eve@social.example, j’ai enfin fini l’article sur les réseaux libres 🎉\n\n"
    "À lire ici : https://blog.example.org/2026/11/les-reseaux-libres-et-nous?lang=fr #LogicielLibre #cats"
)
MENTIONS: dict[Handle, MentionTarget] = {
    ("bob", None): MentionTarget("\x1a/@bob", "bob", "bob"),
    ("eve", "social.example"): MentionTarget("https://social.example/@eve", "eve@social.example", "eve"),
}
NASTY = {
    "@": "@" * 10_000,
    "@a@": "@a@" * 3_333,
    "@a ": "@a " * 3_333,
    "@a.": "@a." * 3_333,
    "#": "#" * 10_000,
    "#a ": "#a " * 3_333,
    "#aa…": "#" + "a" * 10_000,
    "((((": "(" * 10_000,
    "http://": "http://" * 1_430,
    "http://a.b/(": "http://a.b/(" * 833,
    "http://a.b/[({": "http://a.b/[({" * 714,
    "http://a.b/'x": "http://a.b/'x" * 769,
    'http://a.b/"x': 'http://a.b/"x' * 769,
    "http://a.b ": "http://a.b " * 909,
    "http://a.b/...": "http://a.b/" + "." * 10_000,
    "http://a.a.a…_": "http://" + "a." * 5_000 + "_",
    "http://aaa…_": "http://" + "a" * 10_000 + "_",
    "http://a-a-…_": ("http://" + "a-" * 30 + "_") * 150,
    "\\n \\n": "\n \n" * 3_333 + "x",
    "\\n": "x" + "\n" * 10_000 + "x",
    "zalgo": "a\u0300\u0323" * 5 + "\u0300\u0323" * 5_000,
    "isolates": "a" + "\u2066" * 10_000,
    "flags": "\U0001f3f4" + "\U000e0067" * 10_000,
    "emoji": "👩‍👩‍👧‍👦" * 1_430,
    "accents": "é" * 10_000,
    "&": "&" * 10_000,
}


def tag_url(key: str) -> str:
    return f"\x1a/tags/{key}"


def whole(source: str) -> str:
    """What publishing does with a text."""
    parsed = parse(clean(source))
    length(parsed)
    return render(parsed, MENTIONS, tag_url)


def microseconds(work: Callable[[], object], seconds: float = 0.3) -> float:
    """The best of the runs that fit."""
    work()
    best, until = float("inf"), time.perf_counter() + seconds
    while (start := time.perf_counter()) < until:
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1e6


def main() -> None:
    parsed, html = parse(TYPICAL), whole(TYPICAL)
    print(f"A typical post of {length(TYPICAL)} characters ({len(TYPICAL)} code points):")
    steps: dict[str, Callable[[], object]] = {
        "clean": lambda: clean(TYPICAL),
        "clean + parse": lambda: parse(TYPICAL),
        "render": lambda: render(parsed, MENTIONS, tag_url),
        "length of parsed": lambda: length(parsed),
        "clean + parse + render + length": lambda: whole(TYPICAL),
        "plain": lambda: plain(html),
        "sanitise": lambda: sanitise(html),
        "fold": lambda: fold(TYPICAL),
        "words": lambda: words(TYPICAL),
        "trigrams of a name": lambda: trigrams("Élise Œuvrard"),
        "guess_language": lambda: guess_language(TYPICAL, None),
    }
    for name, work in steps.items():
        took = microseconds(work)
        print(f"  {name:34} {took:8.1f} µs {1e6 / took:12,.0f}/s")
    print("Nasty texts of 10 kB, in ms: the whole, and fold")
    for name, source in NASTY.items():
        took, folded = microseconds(lambda: whole(source), 0.05), microseconds(lambda: fold(source), 0.05)  # noqa: B023
        print(f"  {name:34} {took / 1e3:8.2f} {folded / 1e3:8.2f}")


if __name__ == "__main__":
    main()
