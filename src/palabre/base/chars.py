"""Characters as people see them: cleaned, counted, shortened. For posts, names and bios alike."""

import re
import unicodedata

import regex

# Ten fit the tallest stack in real use (Tibetan); beyond lies "zalgo", on which normalising takes quadratic time.
# The half-width sound marks are letters by name, yet decompose into marks.
_MARKS = regex.compile(r"([\p{M}\uff9e\uff9f]{10})[\p{M}\uff9e\uff9f]+")

_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, halves of surrogate pairs, directional overrides (they make a text read as another one), annotations, and
# tag characters (they hide a text from people and show it to machines) except in the flags of England and the like.
_UNWANTED = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|"
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_VISIBLE = regex.compile(r"[^\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]")
_BLANK = " \t\n\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200C))) + "\u202f\u205f\u2060\u3000"
_ISOLATES = re.compile("[\u2066-\u2069]")
_ISOLATE_END = "\u2069"

_GRAPHEME = regex.compile(r"\X")
_LONGEST = 16  # code points; the longest emoji in use have ten
# All but the usual alphabets, punctuation, kana, Chinese characters and lone emoji, which are one character each.
_MAY_COMBINE = re.compile(
    "[^\x00-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001f64f]|\r\n"
)


def clean(source: str) -> str:
    """The text as it is kept: NFC, `\\n` for every new line, nothing that deceives the eye or breaks a page.

    No control character but `\\n` and `\\t` survives; U+001A in particular, which stands for our origin in stored HTML.
    """
    text = _UNWANTED.sub(r"\1", _NEWLINES.sub("\n", source))
    if text.isascii():
        return text.strip()
    if not _VISIBLE.search(text):
        return ""
    text = limit_marks(unicodedata.normalize("NFC", limit_marks(text))).strip(_BLANK)
    return "\n".join(map(_close_isolates, text.split("\n"))) if _ISOLATES.search(text) else text


def limit_marks(text: str) -> str:
    """No more than ten combining marks on one character: keeps `unicodedata.normalize` linear."""
    limited: str = _MARKS.sub(r"\1", text)
    return limited


def graphemes(text: str) -> int:
    """How many characters people see; invisible joiners without end count for themselves in the end."""
    return max(len(_GRAPHEME.findall(text)), len(text) // _LONGEST) if _MAY_COMBINE.search(text) else len(text)


def excerpt(text: str, n: int) -> str:
    """The text on one line, in no more than `n` visible characters, ending at a word where it can."""
    line = " ".join(text.split())
    if graphemes(line) <= n:
        return _close_isolates(line)
    if n < 1:
        return ""
    shown: str = regex.match(rf"\X{{0,{n - 1}}}", line)[0]
    space = shown.rfind(" ")
    if line[len(shown)] != " " and space > n // 2:
        shown = shown[:space]
    return _close_isolates(shown.rstrip()) + "…"


def _close_isolates(line: str) -> str:
    """Keep a change of direction from leaking into whatever follows the line."""
    still_open = 0
    for direction in _ISOLATES.findall(line):
        still_open += 1 if direction != _ISOLATE_END else -(still_open > 0)
    return line + _ISOLATE_END * still_open
