#!/usr/bin/env python3.11
"""Writes src/text/unicode_tables.inc and src/text/html_entities.inc, which the clip_bpe tokenizer compiles in.

usage: scripts/make_text_tables.py      (in the environment of scripts/golden/requirements.txt)
What is a letter or a number is asked of the `regex` module, the rest of Python's own str, unicodedata and html: open_clip's
tokenizer is made of these.
"""

import html
import html.entities
import pathlib
import sys
import unicodedata

import regex

OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "src" / "text"
POINTS = [c for c in range(sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF]
LIGATURES = "ĲĳŉǱǲǳǄǅǆǇǈǉǊǋǌﬀﬁﬂﬃﬄﬅﬆ"  # those that ftfy takes apart


def rows(items, width=118):
    lines, line = [], ""
    for item in items:
        if len(line) + len(item) + 2 > width:
            lines.append(line.rstrip())
            line = ""
        line += item + ", "
    return "\n".join(lines + [line.rstrip()])


def table(declaration, items):
    return f"constexpr {declaration} = {{\n{rows(items)}\n}};\n"


def braces(values):
    return "{" + ",".join(f"0x{v:x}" if isinstance(v, int) else v for v in values) + "}"


def ranges(points):
    found = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return [braces(pair) for pair in found]


def matching(pattern):  # with IGNORECASE, as the tokenizer compiles it
    compiled = regex.compile(pattern, regex.IGNORECASE)
    return ranges(c for c in POINTS if compiled.fullmatch(chr(c)))


def lower_runs():  # {first, last, step, added}: U+0130, which becomes two characters, is left to the caller
    runs = []
    for point in POINTS:
        lower = chr(point).lower()
        if lower == chr(point) or point == 0x130:
            continue
        assert len(lower) == 1, hex(point)
        added = ord(lower) - point
        last = runs[-1] if runs else None
        if last and last[3] == added and point - last[1] == last[2]:
            last[1] = point
        elif last and last[3] == added and last[0] == last[1] and point - last[1] == 2:
            last[1], last[2] = point, 2
        else:
            runs.append([point, point, 1, added])
    return ["{" + f"0x{a:x},0x{b:x},{step},{added}" + "}" for a, b, step, added in runs]


def decompositions():  # {composed, first, second or 0, whether NFC makes it}; Hangul is arithmetic
    found = []
    for point in POINTS:
        parts = unicodedata.decomposition(chr(point)).split()
        if not parts or parts[0].startswith("<"):
            continue
        values = [int(part, 16) for part in parts] + [0]
        made = int(len(parts) == 2 and unicodedata.normalize("NFC", chr(point)) == chr(point))
        found.append(braces([point, values[0], values[1], made]))
    return found


def combining_classes():
    found = []
    for point in POINTS:
        value = unicodedata.combining(chr(point))
        if not value:
            continue
        if found and found[-1][1] == point - 1 and found[-1][2] == value:
            found[-1][1] = point
        else:
            found.append([point, point, value])
    return [braces(row) for row in found]


def replacements():  # ftfy's: Latin ligatures and digraphs, half- and full-width forms
    found = {0x3000: " "}
    for point in [*map(ord, LIGATURES), *range(0xFF01, 0xFFF0)]:
        other = unicodedata.normalize("NFKC", chr(point))
        if other != chr(point):
            found[point] = other
    found[0xFB05] = "ſt"  # NFKC goes one step further
    for point in (0x1C4, 0x1C5, 0x1C6):
        found[point] = unicodedata.normalize("NFC", found[point])
    assert max(map(len, found.values())) <= 3
    return [braces([c, *map(ord, found[c]), *[0] * (3 - len(found[c]))]) for c in sorted(found)]


def capital(c):
    upper = c.upper()
    return [ord(c), *map(ord, upper), *[0] * (3 - len(upper))]


def unicode_tables():
    ignorable = [c for c in POINTS if ("A" + chr(c) + "Σ").lower()[-1] == "ς" and (chr(c) + "Σ").lower()[-1] == "σ"]
    cased = [c for c in POINTS if (chr(c) + "Σ").lower()[-1] == "ς"]
    windows = []
    for byte in range(0x80, 0xA0):
        try:
            windows.append(f"0x{ord(bytes([byte]).decode('cp1252')):x}")
        except UnicodeDecodeError:
            windows.append(f"0x{byte:x}")
    return "\n".join([
        f"// Made by scripts/make_text_tables.py: letters and numbers of regex {regex.__version__} (Unicode 17), the rest of",
        f"// Python {sys.version_info.major}.{sys.version_info.minor} (Unicode {unicodedata.unidata_version}).",
        table("Range kLetters[]", matching(r"[\p{L}]")),
        table("Range kNumbers[]", matching(r"[\p{N}]")),
        "// str.isspace()",
        table("Range kSpaces[]", ranges(c for c in POINTS if chr(c).isspace())),
        "// Case_Ignorable, and Cased without those: what decides between the two small sigmas.",
        table("Range kCaseIgnorable[]", ranges(ignorable)),
        table("Range kCased[]", ranges(cased)),
        table("LowerRun kLower[]", lower_runs()),
        table("Decomposition kDecompositions[]", decompositions()),
        table("ClassRange kCombiningClasses[]", combining_classes()),
        "// Latin ligatures and digraphs, half-width and full-width forms.",
        table("Replacement kReplacements[]", replacements()),
        table("char32_t kWindows1252[32]", windows),
    ])


def html_entities():
    names = sorted(html.entities.html5)
    characters = sorted({c for name in names for c in html.entities.html5[name] if c.upper() != c})
    entry = lambda name: [f'"{name}"', *map(ord, html.entities.html5[name]), *[0] * (2 - len(html.entities.html5[name]))]
    return "\n".join([
        "// Made by scripts/make_text_tables.py from Python's html.entities.html5, which is the HTML 5 standard's list.",
        table("Entity kEntities[]", [braces(entry(name)) for name in names]),
        "// Capitals of the characters above that have one.",
        table("Capital kCapitals[]", [braces(capital(c)) for c in characters]),
    ])


(OUTPUT / "unicode_tables.inc").write_text(unicode_tables())
(OUTPUT / "html_entities.inc").write_text(html_entities())
