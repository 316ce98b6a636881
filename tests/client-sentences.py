#!/usr/bin/env python3
"""What a release of Claude Code can say about failures, and what diagnose makes of it.

usage: tests/client-sentences.py CLIENT [--since OLDER] [--program DIAGNOSE] [--known]

CLIENT and OLDER are a binary of Claude Code, or the .tgz of its package for a platform
(`npm pack @anthropic-ai/claude-code-linux-x64`). Their string literals are read, those that look like a sentence about a failure
are given to diagnose one by one, with a sample in each place that varies, and what comes out is printed:

  new       sentences without an entry, by likely section; with --since only those that OLDER does not have
  guessed   of them those for which only a catch-all answers
  gone      messages of the catalog that stand in OLDER and no longer in CLIENT (--since); they stay, for older clients are in use

--known also prints the sentences that have an entry, with it. The words that tell the section are those of catalog/unknown.toml.
The result is for reading: about half of the new sentences are help texts, prompts for the model or notes for developers.
"""

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECTIONS = ["server", "usage", "auth", "network", "request", "quality"]
# What says that something failed, is refused or is used up.
FAILS = re.compile(
    r"can't|cannot|can’t|couldn't|couldn’t|could not|unable to|failed|failure|error|expired|limit|not available|unavailable|isn't available|"
    r"denied|refus|reject|invalid|blocked|not allowed|doesn't allow|disabled|turned off|not signed in|not logged in|sign in again|timed out|"
    r"too long|too large|exceed|out of |required|requires|stopped|interrupted|lost|unreachable|overload|not supported|doesn't support|"
    r"no longer|not accepted|revoked|unauthorized|forbidden|not found|went wrong|try again|incomplete|malformed|corrupt|missing",
    re.I,
)
# What a literal of a program has and a sentence has not.
CODE = re.compile(r"=>|\(\)|\);|===|&&|\|\||</|/>|function |return |var |const |\{\"|\$schema|^\s*[a-z]+[A-Z]\w*$|^[\w./:-]+$|\\u\{|[{};]\s*$")
# How a sentence begins, and what shows that it is for the reader: a literal that begins in the middle of another one has neither.
BEGINS = re.compile(r"[A-Z/\"“]|example ")
TELLS = re.compile(
    r"\bClaude\b|\b[Yy]our?\b|\b[Yy]ou've|\b[Yy]ou're| · |[Tt]ry again|\bRun [`/]|/login|/model|API Error|[Aa]uto mode|[Ff]ast mode|Remote Control|"
    r"this session|^Couldn't|^Can't|^Failed to|^Unable to|^Could not|[Ss]ign(ed)?[ -]in|limit|credit|token|organi[sz]ation"
)
# What no sentence is made of: bytes of a program, pieces of code.
FOREIGN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\xb6\xb8-\xff]|\$\{|`[,;:?]|:return|case\"|\b(schema|regex|tool_use|JSON Schema)\b")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.){14,600})"|\'((?:[^\'\\\n]|\\.){14,600})\'|`((?:[^`\\]|\\.){14,900})`')
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "", "0": ""}
# What stands where a sentence varies: short, so that a literal beside it stays the longest part.
SAMPLE = "example"


def text_of(path: Path) -> str:
    """The client's text, one character for each byte."""
    if path.suffixes[-1:] == [".tgz"]:
        with tarfile.open(path) as package:
            largest = max((of for of in package if of.isfile()), key=lambda of: of.size)
            return package.extractfile(largest).read().decode("latin-1")
    return path.read_bytes().decode("latin-1")


def plain(literal: str) -> str:
    """A literal as it is printed, with samples for what varies."""
    literal = re.sub(
        r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|(.))",
        lambda m: chr(int(m[1] or m[2] or m[3], 16)) if m[1] or m[2] or m[3] else ESCAPES.get(m[4], m[4]),
        literal,
        flags=re.S,
    )
    while (short := re.sub(r"\$\{[^{}]*\}", SAMPLE, literal)) != literal:
        literal = short
    return literal.strip()


def sentences(text: str) -> list[str]:
    """The literals that look like a sentence about a failure, each once, in their order."""
    found = {}
    for match in LITERAL.finditer(text):
        sentence = plain(match[1] or match[2] or match[3])
        words = re.findall(r"[A-Za-z'’]{2,}", sentence)
        letters = sum(c.isalpha() or c in " ,.'’" for c in sentence)
        prose = 3 <= len(words) <= 90 and letters > 0.8 * len(sentence) and not FOREIGN.search(sentence)
        if prose and BEGINS.match(sentence) and FAILS.search(sentence) and TELLS.search(sentence) and not CODE.search(sentence):
            found.setdefault(sentence, None)
    return list(found)


def answers(program: str, asked: list[str]) -> list[str | None]:
    """The entry with which diagnose answers each sentence, as the client's own line."""
    ids = []
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(asked), 500):
            arguments = [program, "--format", "json"]
            for n, sentence in enumerate(asked[start : start + 500]):
                file = Path(folder, f"{n}.txt")
                file.write_text(f"  ⎿  {sentence}\n")
                arguments += ["-f", str(file)]
            done = subprocess.run(arguments, capture_output=True, text=True)
            if done.returncode > 1:
                sys.exit(f"{program}: {done.stderr.strip()}")
            reports = [json.loads(line)["diagnoses"] for line in done.stdout.splitlines()]
            ids += [found[0]["id"] if found else None for found in reports]
    return ids


def section_of(sentence: str, lists: dict[str, list[str]]) -> str:
    """The likely section: that of the longest word that the sentence names."""
    names = {"auth": "sign-in", "usage": "money", "network": "network", "server": "service", "request": "request"}
    longest = lambda of: max((len(w) for w in lists[of] if w.strip("*") in sentence.lower()), default=0)
    best = max(names, key=lambda section: longest(names[section]))
    return best if longest(names[best]) else "other"


def literals_of(message: str) -> list[str]:
    """The parts of a message that do not vary and are long enough to be looked for."""
    return [part for part in re.split(r"(?<!\\)<[a-z0-9_]+>|\.\.\.", message) if len(part) > 14]


def stands(part: str, text: str) -> bool:
    """Whether a part of a message stands in a client's text, as it is or escaped as programs escape it."""
    escape = lambda c: c if c.isascii() else f"\\x{ord(c):02X}" if ord(c) < 256 else f"\\u{ord(c):04x}"
    escaped = "".join(map(escape, part))
    return any(form in text for form in (part, escaped, escaped.replace("'", "\\'"), escaped.replace('"', '\\"')))


def gone(catalog: Path, old: tuple[str, str], new: tuple[str, str]) -> list[tuple[str, str]]:
    """The messages that stand in the old client and not in the new one, each given by its sentences and its text."""
    found = []
    for file in SECTIONS:
        for entry in tomllib.loads((catalog / f"{file}.toml").read_text())["error"]:
            for message in entry.get("messages", []):
                parts = literals_of(message)
                if not parts or all(p in new[0] for p in parts) or not all(p in old[0] for p in parts):
                    continue
                if not all(stands(p, new[1]) for p in parts):
                    found.append((entry["id"], message))
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("client", type=Path)
    arguments.add_argument("--since", type=Path)
    arguments.add_argument("--program", default=str(ROOT / "target/release/diagnose"))
    arguments.add_argument("--known", action="store_true")
    of = arguments.parse_args()

    text = text_of(of.client)
    all_sentences = sentences(text)
    asked = all_sentences
    if of.since:
        before = text_of(of.since)
        old = set(sentences(before))
        asked = [sentence for sentence in all_sentences if sentence not in old]
    lists = tomllib.loads((ROOT / "catalog/unknown.toml").read_text())["lists"]
    ids = answers(of.program, asked)
    guessed = {s: i for s, i in zip(asked, ids) if i and i.startswith("unknown-")}
    missing = [s for s, i in zip(asked, ids) if i is None or s in guessed]
    known = [(i, s) for s, i in zip(asked, ids) if i and s not in guessed]
    for section in [*SECTIONS, "other"]:
        some = [s for s in missing if section_of(s, lists) == section]
        if some:
            print(f"\n## new: {section} ({len(some)})")
        for sentence in sorted(some):
            print(f"- {sentence!r}{f'  ({guessed[sentence]})' if sentence in guessed else ''}")
    if of.known:
        print(f"\n## known ({len(known)})")
        for entry, sentence in sorted(known):
            print(f"- {entry}: {sentence!r}")
    dead = []
    if of.since:
        dead = gone(ROOT / "catalog", ("\n".join(old), before), ("\n".join(all_sentences), text))
        print(f"\n## gone ({len(dead)})")
        for entry, message in dead:
            print(f"- {entry}: {message!r}")
    print(
        f"\n{len(all_sentences)} sentences, {len(asked)} of them asked: {len(known)} have an entry, {len(guessed)} only a catch-all, "
        f"{len(missing) - len(guessed)} nothing; {len(dead)} messages are gone"
    )


if __name__ == "__main__":
    main()
