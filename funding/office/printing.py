"""Printing: a sheet of words on a layout, as a tagged PDF that can be kept (PDF/A-3a, PDF/UA-1). The
same words give the same bytes. What comes from people goes in as data and is never read as Typst.

A letter that none of the fonts has would make the printer refuse. It is replaced by a sign, and a
note says so: no paper is missing because of a name."""

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

log = logging.getLogger(__name__)

Sheet = dict[str, Any]  # with `notes`, a list of sentences, and a `link`, which stays as it is
HERE = Path(__file__).parent
SERIF = "Newsreader"
SANS = (
    "Inter", "Noto Sans Arabic", "Noto Sans Armenian", "Noto Sans Devanagari",
    "Noto Sans Georgian", "Noto Sans Hebrew", "Noto Sans Thai",
)  # fmt: skip
ALWAYS = "’“”…–—·€□"
STANDARDS: "list[typst.PDFStandard]" = ["a-3a", "ua-1"]
PROBE = b"""
#set document(title: "Probe")
#set text(font: json(bytes(sys.inputs.fonts)), lang: "en", fallback: false)
#text(sys.inputs.words)
"""
SIGN = "□"
LACKING = f"{SIGN} stands for a character that our fonts do not have."


def mark(sheet: Sheet, *, layout: Path) -> str:
    """The same for the same words on the same layout: what tells a kept copy from a new one."""
    words = json.dumps(sheet, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256((_layout_mark(layout) + words).encode()).hexdigest()


def pdf(sheet: Sheet, *, layout: Path, made_at: datetime, lacking: str = LACKING) -> bytes:
    """The document. `made_at` is when it was issued, so that it is the same whenever it is
    printed; `lacking` is the note where a sign stands for a character."""
    try:
        return _compile(sheet, layout, made_at)
    except typst.TypstError:
        log.info("A document has letters that our fonts lack: signs stand for them.")
    try:
        return _compile(with_signs(sheet, is_printable, lacking), layout, made_at)
    except typst.TypstError:  # letters that our fonts have, and cannot put together
        return _compile(with_signs(sheet, _is_latin, lacking), layout, made_at)


def with_signs(sheet: Sheet, keep: Callable[[str], bool], lacking: str = LACKING) -> Sheet:
    """The same with a sign for each character that is not kept, and a note that says so."""
    shown: Sheet = _each_text(sheet, lambda text: "".join(c if keep(c) else SIGN for c in text))
    return shown | {"notes": [*shown["notes"], lacking], "link": sheet["link"]}


def _each_text(thing: Any, change: Callable[[str], str]) -> Any:
    if isinstance(thing, str):
        return change(thing)
    if isinstance(thing, dict):
        return {name: _each_text(one, change) for name, one in thing.items()}
    if isinstance(thing, list):
        return [_each_text(one, change) for one in thing]
    return thing


def _is_latin(character: str) -> bool:
    return character in ALWAYS or (character < "\u0250" and character.isprintable())


@lru_cache(maxsize=20_000)
def is_printable(character: str) -> bool:
    """Asked of the printer itself, which knows its fonts best."""
    if _is_latin(character):
        return True
    inputs = {"words": character, "fonts": json.dumps(_families())}
    try:
        _print(PROBE, inputs, 0)
    except typst.TypstError:
        return False
    return True


def _compile(sheet: Sheet, layout: Path, made_at: datetime) -> bytes:
    paper = sheet | {"fonts": _families(), "serif": SERIF}
    inputs = {"paper": json.dumps(paper, ensure_ascii=False)}
    return _print(layout.read_bytes(), inputs, int(made_at.timestamp()))


def _print(source: bytes, inputs: dict[str, str], timestamp: int) -> bytes:
    compiler = typst.Compiler(
        input=source, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )
    printed = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=timestamp)
    assert isinstance(printed, bytes)
    return printed


@cache
def _fonts() -> typst.Fonts:
    """Ours and those of the operator: what the machine happens to have changes nothing."""
    folders: list[str] = [str(HERE / "fonts"), *filter(None, [settings.DOCUMENT_FONTS])]
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
    )


@cache
def _families() -> list[str]:
    return [*SANS, *sorted(set(_fonts().families()) - {SERIF, *SANS})]


@cache
def _layout_mark(layout: Path) -> str:
    versions = " ".join([version("typst"), *_families()])
    return hashlib.sha256(layout.read_bytes() + versions.encode()).hexdigest()
