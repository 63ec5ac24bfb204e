"""Printing: a document as a tagged PDF that can be kept (PDF/A-3a, PDF/UA-1). The same words give the
same bytes. What comes from people goes in as data and is never read as Typst.

A letter that none of the fonts has would make the printer refuse. It is replaced by a sign, and a
note says so: an invoice is never missing because of a name."""

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

from sponsors.billing.gateway import Json

log = logging.getLogger(__name__)

HERE = Path(__file__).parent / "paper"
LAYOUT = HERE / "document.typ"
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
LACKING = (
    f"{SIGN} stands for a character that our fonts do not have. The words as they were given are on "
    "Stripe’s page of this document."
)


def mark(sheet: Json) -> str:
    """The same for the same words on the same layout: what tells a kept copy from a new one."""
    words = json.dumps(sheet, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256((_layout_mark() + words).encode()).hexdigest()


def pdf(sheet: Json, *, made_at: datetime) -> bytes:
    """The document. `made_at` is when it was issued, so that it is the same whenever it is
    printed."""
    try:
        return _compile(sheet, made_at)
    except typst.TypstError:
        log.info("A document has letters that our fonts lack: signs stand for them.")
    try:
        return _compile(_with_signs(sheet, _is_printable), made_at)
    except typst.TypstError:  # letters that our fonts have, and cannot put together
        return _compile(_with_signs(sheet, _is_latin), made_at)


def _with_signs(sheet: Json, keep: Callable[[str], bool]) -> Json:
    """The same with a sign for each character that is not kept, and a note that says so."""
    shown: Json = _each_text(sheet, lambda text: "".join(c if keep(c) else SIGN for c in text))
    return shown | {"notes": [*shown["notes"], LACKING], "link": sheet["link"]}


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
def _is_printable(character: str) -> bool:
    """Asked of the printer itself, which knows its fonts best."""
    if _is_latin(character):
        return True
    inputs = {"words": character, "fonts": json.dumps(_families())}
    try:
        _print(PROBE, inputs, 0)
    except typst.TypstError:
        return False
    return True


def _compile(sheet: Json, made_at: datetime) -> bytes:
    paper = sheet | {"fonts": _families(), "serif": SERIF}
    inputs = {"paper": json.dumps(paper, ensure_ascii=False)}
    return _print(LAYOUT.read_bytes(), inputs, int(made_at.timestamp()))


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
def _layout_mark() -> str:
    versions = " ".join([version("typst"), *_families()])
    return hashlib.sha256(LAYOUT.read_bytes() + versions.encode()).hexdigest()
