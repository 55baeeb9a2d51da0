"""Compares `theriac tokenize --tokenizer clip_bpe` with open_clip on random captions full of traps.

usage: verify_text.py THERIAC [COUNT] [SEED]      (in the environment of requirements.txt)
Captions that ftfy takes for text of a wrong encoding are counted apart: that repair is a documented deviation.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys

import ftfy
import regex
from open_clip.tokenizer import SimpleTokenizer

WORDS = """a photo of the banana red dog's it's we'LL they've I'm he'd isn't 'sup naïve café Ünïcödé ΣΑΣ ΟΔΥΣΣΕΥΣ İstanbul ǅ ﬁre ﬅ Ĳ
日本語 中文 한국어 ﾊﾛｰ Ｗｉｄｅ عربى हिन्दी ไทย Привет 🍌 👩‍👩‍👧 🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ ½ ² Ⅷ ① 12345 3.14 1,000 C++ a_b-c #tag @user http://x.y/?a=1&b=2
&amp; &amp;amp; &lt;b&gt; &eacute; &EACUTE; &NTILDE &nbsp; &#39; &#x1F34C; &#0; &#128; &#xD800; &#1114112; &notit; &copy &fjlig; &FJLIG; &#38;lt; &; &# &#x; <b> </a>
e\u0301 o\u0308\u0304 a\u0345 \u0345 q\u0323\u0307 \u1100\u1161\u11a8 “curly” ‘q’ 'ſ ſ … — \u00a0 \u3000 \u200b \u200d \ufeff \u2028 \u0085 \u0099 \x00 \x0b \x1c \x7f
\x1b[31m \x1b[0;1m \x1b[ \t \r !!! ??? ... () [x] {y} ~ ^ ` | \\ $5 50% 10° µ Å Ω ﷺ Ⓐ K ǆ ŉ""".split(" ")
WORDS = [part for word in WORDS for part in word.split("\n") if part]


def caption(draw: random.Random) -> str:
    parts = []
    for _ in range(draw.choice([1, 3, 6, 10, 10, 15, 60])):
        kind = draw.random()
        if kind < 0.75:
            parts.append(draw.choice(WORDS))
        elif kind < 0.9:
            parts.append("".join(chr(draw.randrange(0x20, 0x7F)) for _ in range(draw.randrange(1, 9))))
        else:
            plane = draw.choice([0x250, 0x600, 0x3000, 0x10000, 0x1FFFF, 0x10FFFF])
            points = [draw.randrange(0xA0, plane + 0x200) % 0x110000 for _ in range(draw.randrange(1, 4))]
            parts.append("".join(chr(point) for point in points if not 0xD800 <= point <= 0xDFFF))
    if draw.random() < 0.01:
        parts.append(draw.choice(["cafÃ©", "itâ€™s", "schÃ¶n"]))
    text = draw.choice([" ", " ", " ", ""]).join(parts).replace("\n", " ")
    return text.upper() if draw.random() < 0.1 else text


def wrong_encoding(text: str) -> bool:
    return ftfy.fix_text(text) != ftfy.fix_text(text, fix_encoding=False)


def main() -> None:
    program = sys.argv[1:2] + ["tokenize", "--tokenizer", "clip_bpe", "--json"]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    draw = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    texts = [caption(draw) for _ in range(count)]
    given = "".join(text + "\n" for text in texts).encode()
    answer = subprocess.run(program, input=given, stdout=subprocess.PIPE, check=True).stdout
    lines = answer.decode().splitlines()
    assert len(lines) == count, f"{len(lines)} lines for {count} captions"
    tokenizer = SimpleTokenizer()
    unequal, repaired, over_long = [], 0, 0
    for text, line in zip(texts, lines):
        row = tokenizer(text)[0].tolist()
        expected = row[: row.index(tokenizer.eot_token_id) + 1]
        over_long += len(expected) == 77
        if json.loads(line) == expected:
            continue
        if wrong_encoding(text):
            repaired += 1
        else:
            unequal.append((text, json.loads(line), expected))
    for text, ours, theirs in unequal[:20]:
        print(f"{text!r}\n  theriac   {ours}\n  open_clip {theirs}")
    print(f"regex {regex.__version__}, ftfy {ftfy.__version__}; {count} captions, {over_long} of 77 tokens: "
          f"{len(unequal)} differ, {repaired} more where ftfy repairs an encoding")
    sys.exit(bool(unequal))


if __name__ == "__main__":
    main()
