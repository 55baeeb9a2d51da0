"""Ids of CLIP's tokenizer for captions full of traps, and WordNet synonyms as EDA takes them.

Needs WordNet's database in /usr/share/wordnet (Debian: wordnet-base).
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from pathlib import Path

import ftfy
import nltk
from common import OUTPUT
from nltk.corpus.reader.wordnet import WordNetCorpusReader
from open_clip.tokenizer import SimpleTokenizer
from verify_text import caption

TEXTS = [
    "", " ", "a photo of a banana.", "A PHOTO  of\ta\nBanana. ", "hello world!", "it's a dog's life, isn't it? I'LL 'VE'D'M",
    "3.14 is pi, 12345 ½ ² Ⅷ", "naïve café", "nai\u0308ve cafe\u0301", "a\u0345b \u0345", "日本語の猫", "中文 한국어 \u1112\u1161\u11ab", "ﾊﾛｰ Ｗｉｄｅ　ＬＥＴＴＥＲＳ",
    "🍌 banana 👩‍👩‍👧 🇩🇪 ❤️", "a_b-c C++ #tag @user http://x.y/?a=1&b=2", "ΣΑΣ ΟΔΥΣΣΕΥΣ. Σ İstanbul ǅ", "“curly” ‘quotes’ – and — dashes…",
    "ﬁre ﬅ Ĳ ŉ", "it'ſ ſo", "&amp;amp;lt; &lt;b&gt; &eacute; &EACUTE; &FJLIG; &nbsp;x &#39;s &#x1F34C; &notit; &copy &; &# &#x;",
    "<b>&amp; &EACUTE;</b>", "&#0; &#128; &#xD800; &#1114112; &#1; &#x99;", "&#38;amp;lt; &fjlig; &NotEqualTilde; &CounterClockwiseContourIntegral;",
    "tab\x0bvertical\x1cfile \x00nul \x7f \x1b[31mred\x1b[0m \x1b[", "no\u00a0break \u200bzero\u200dwidth \ufeffbom \u2028line \u0085next \u0099",
    "q\u0323\u0307 q\u0307\u0323 o\u0308\u0304 \u1e0a\u0323", "Привет мир, γειά σου, שלום, مرحبا, नमस्ते, สวัสดี", "\U0001d49c \U0010fffd \ue000",
    "a " * 100, "antidisestablishmentarianism" * 20, "!" * 300, "1234567890" * 10, "日本" * 60,
]
BROKEN = ["c3", "61c328", "e282", "f09f8d8c f09f8d", "eda080 edb080", "c0af e080af f4908080", "ff fe 61", "f0 90 41", "63616665cc"]
WORDS = """dog dogs photo banana women mice geese better best running ran ate went churches boxes wolves men flies tries quickly nine world war
axes leaves saw lying bigger ing s ed us as glasses happier worst dice oxen photographed painting blue paper striped background umbrella qwerty
hood ton more well hard above living""".split()


class Reader(WordNetCorpusReader):
    def map_wn(self, version: str = "wordnet") -> None:
        """NLTK would look for a second WordNet, to map one version to another."""


def wordnet() -> WordNetCorpusReader:
    folder = Path(tempfile.mkdtemp())
    for path in Path("/usr/share/wordnet").glob("*"):
        shutil.copy(path, folder)
    # Debian leaves out the names of the lexicographer files, which NLTK wants and nothing here reads.
    (folder / "lexnames").write_text("".join(f"{i:02d}\tname{i}\t1\n" for i in range(45)))
    nltk.data.path.append(str(folder))  # NLTK reads only below its data folders
    return Reader(str(folder), None)


def synonyms(reader: WordNetCorpusReader, word: str) -> list[str]:
    found = set()
    for synset in reader.synsets(word):
        for name in synset.lemma_names():
            letters = "".join(c for c in name.lower().replace("_", " ").replace("-", " ") if c == " " or "a" <= c <= "z")
            found.add(" ".join(letters.split()))
    return sorted(found - {word, ""})


def ids(tokenizer: SimpleTokenizer, text: str) -> list[int]:
    row = tokenizer(text)[0].tolist()
    return row[: row.index(tokenizer.eot_token_id) + 1]


def rows(items: list) -> str:
    return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]"


def main() -> None:
    tokenizer = SimpleTokenizer()
    draw = random.Random(2026)
    texts = TEXTS + [caption(draw) for _ in range(150)]
    texts = [text for text in texts if ftfy.fix_text(text) == ftfy.fix_text(text, fix_encoding=False)]
    broken = [bytes.fromhex(item) for item in BROKEN]
    (OUTPUT / "clip_bpe.json").write_text(
        '{"texts":' + rows([[text, ids(tokenizer, text)] for text in texts])
        + ',\n"broken":' + rows([[raw.hex(), ids(tokenizer, raw.decode("utf-8", errors="replace"))] for raw in broken])
        + "}\n"
    )
    reader = wordnet()
    (OUTPUT / "wordnet.json").write_text(rows([[word, synonyms(reader, word)] for word in WORDS]) + "\n")


if __name__ == "__main__":
    main()
