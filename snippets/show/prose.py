"""A page's prose as it goes into notebooks and plain Markdown: without what only the site knows."""

import re

from ..pages import Fold, fenced_lines
from ..pages.markup import ANSWERS, LINK, SPANS, fold_line, front_matter
from .leads import Leads

MARKS = {Fold.RIGHT: "✓", Fold.WRONG: "✗"}
_BLANK = re.compile(r"\n(?:[ \t]*\n){2,}")
_ATTRIBUTE = r"""(?:[#.][\w:-]+|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+))"""
_LIST = rf"\{{:?[ ]*{_ATTRIBUTE}(?:[ ]+(?:{_ATTRIBUTE}|[\w-]+))*[ ]*\}}"
# An attribute list stands behind what it is of, on a line of its own, or at the end of a heading.
_ATTRIBUTES = re.compile(rf"(?<=[)\]*>\0]){_LIST}|^[ ]*{_LIST}[ ]*$", re.M)
_HEADING = re.compile(rf"^(#{{1,6}} .*?)[ ]+{_LIST}[ ]*$", re.M)
_TAG = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_UNSEEN = re.compile(
    rf"<(script|style)\b{_TAG}>.*?</\1>|<(\w+)(?=\s)(?={_TAG}\shidden[\s>=]){_TAG}>.*?</\2>", re.S | re.I
)
_WRAPPER = re.compile(rf"</?(?:div|span|section|article|aside|center|figure|figcaption|p)\b{_TAG}>", re.I)
_ANCHOR = re.compile(rf"<a\b({_TAG})>(.*?)</a>", re.S | re.I)
_PICTURE = re.compile(rf"<img\b({_TAG})>", re.I)
_IN_THE_DARK = re.compile(r"!\[[^\]]*\]\([^)\s]*#only-dark[^)]*\)[ ]*\n?")
_NOWHERE = "\1"
_DEAD_NAME = re.compile(rf"^ {{0,3}}\[([^\]\n]+)\]:[ \t]*{_NOWHERE}.*\n?", re.M)
_DEAD_LINK = re.compile(rf"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([ \t]*{_NOWHERE}[^)\n]*\)")


def prose(text: str, leads: Leads | None = None) -> str:
    """Markdown without front matter, folds, questions and HTML around it; fences of other languages stay as they are.

    `leads` says where links lead in this form of the page; without it none leads anywhere, and their words are left.
    """
    fenced, lines = fenced_lines(text), text.split("\n")
    pieces: list[str] = []
    run: list[str] = []  # lines that belong to no fence
    number = front_matter(text)[1]
    while number < len(lines):
        if number in fenced:
            pieces += [_between_fences(run, leads)] * bool(run) + [lines[number]]
            run = []
        elif (fold := fold_line(lines[number])) is None:
            run.append(lines[number])
        else:
            if fold.name in ANSWERS:
                run.append(f"- {MARKS[Fold(fold.name)]} {fold.title}")
            elif fold.title:
                run.append(f"**{fold.title}**")
            while fold.name and number + 1 < len(lines) and re.match(r" {4,}\S", lines[number + 1]):
                number += 1  # its options
        number += 1
    return "\n".join([*pieces, *[_between_fences(run, leads)] * bool(run)]).strip()


def _between_fences(lines: list[str], leads: Leads | None) -> str:
    aside: list[str] = []

    def set_aside(span: re.Match[str]) -> str:
        if span[0].startswith("<!--"):
            return ""
        aside.append(span[0])
        return f"\0{len(aside) - 1}\0"

    def lead(address: str, in_html: bool = False) -> str:
        found = leads.address(address, in_html) if leads else None
        return _NOWHERE if found is None and not Leads.is_foreign(address) else found or address

    def anchor(tag: re.Match[str]) -> str:
        to = _attribute(tag[1], "href")
        return f"[{tag[2]}]({lead(to, in_html=True)})" if to else tag[2]

    def picture(tag: re.Match[str]) -> str:
        return f"![{_attribute(tag[1], 'alt')}]({lead(_attribute(tag[1], 'src'), in_html=True)})"

    def link(found: re.Match[str]) -> str:
        start, end = found.start("address") - found.start(), found.end("address") - found.start()
        return found[0][:start] + lead(found["address"].strip(" \t<>")) + found[0][end:]

    text = SPANS.sub(set_aside, "\n".join(lines))
    text = _IN_THE_DARK.sub("", _UNSEEN.sub("", text))
    text = _ATTRIBUTES.sub("", _HEADING.sub(r"\1", text))
    text = LINK.sub(link, text)
    text = _WRAPPER.sub("", _PICTURE.sub(picture, _ANCHOR.sub(anchor, text)))
    text = _BLANK.sub("\n\n", _without_dead_ends(text) if _NOWHERE in text else text)
    return re.sub(r"\0(\d+)\0", lambda place: aside[int(place[1])], text)


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""(?<![\w-]){name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", tag, re.I)
    return next(filter(None, found.groups()), "") if found else ""


def _without_dead_ends(text: str) -> str:
    """The words of links that lead nowhere, without the links."""
    names = {name.lower() for name in _DEAD_NAME.findall(text)}
    text = _DEAD_NAME.sub("", text)
    if names:
        either = "|".join(map(re.escape, names))
        text = re.sub(
            rf"\[([^\[\]]+)\]\[(?:{either})?\]|\[({either})\](?![\[(:])", lambda m: m[1] or m[2], text, flags=re.I
        )
    before = ""
    while before != text:  # a picture may stand in a link
        before, text = text, _DEAD_LINK.sub(lambda link: f"[Picture: {link[2]}]" if link[1] else link[2], text)
    return text
