"""Reports for people: one HTML file that fetches nothing, and Markdown as forges show it. The templates are beside."""

import re
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

from tests.harness.migrations.files import escaped
from tests.harness.report.run import Report, State

TEMPLATES = Path(__file__).with_name("templates")
# A symbol for each state, beside its word.
MARKS = {State.HELD: "✓", State.BROKEN: "✗", State.TO_BE_CONFIRMED: "?", State.NOT_CHECKED: "–"}
# What means something anywhere in a line, and what does at its beginning.
MARKDOWN = re.compile(r"([\\`*_\[\]|~])|^(\s*(?:\d+(?=[.)]))?)([-+#>=.)])", re.MULTILINE)
# What GitHub takes as the summary of a step is 1 MiB, and a run may write others.
MOST_BYTES = 900_000
CUT = "\n\n… and more: the report is longer than GitHub shows. All of it is in the report as .html or .json.\n"


def as_html(report: Report) -> str:
    """Write the page."""
    return _render("report.html.jinja", report)


def as_markdown(report: Report) -> str:
    """Write what is shown of a step on GitHub, which cuts nothing itself: it refuses what is too long."""
    text = re.sub(r"\n{3,}", "\n\n", _render("report.md.jinja", report)).strip() + "\n"
    if len(text.encode()) <= MOST_BYTES:
        return text
    kept = text.encode()[: MOST_BYTES - len(CUT.encode())].decode(errors="ignore").rpartition("\n")[0]
    return f"{kept}{_closing(kept)}{CUT}"


def _render(template: str, report: Report) -> str:
    # Only a run that writes one of these needs it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
    from markupsafe import Markup, escape

    def shown(value: Any) -> Any:
        """Let no control character of a migration reach the page; the macros' own markup is past that."""
        return escaped(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        autoescape=select_autoescape(["html.jinja"]),
        finalize=shown,
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    filters: dict[str, Callable[..., Any]] = {"md": _in_markdown, "cell": _in_a_cell, "fenced": _fenced}
    code = Markup("<code>{}</code>")
    # What stands between backticks, as a page of clauses has it.
    filters["words"] = lambda text: Markup().join(
        code.format(part) if number % 2 else part for number, part in enumerate(escaped(text).split("`"))
    )
    filters["html"] = lambda text: str(escape(escaped(text)))
    environment.filters |= filters
    environment.globals |= {"State": State, "MARKS": MARKS}
    return environment.get_template(template).render(report=report)


def _in_markdown(text: str) -> str:
    """Write words so that nothing in them is read as Markdown or HTML, nor as the name of somebody to notify."""
    spelt = escaped(text).replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
    return MARKDOWN.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", spelt)


def _in_a_cell(text: str) -> str:
    """Write words into one line, as a table wants them."""
    return _in_markdown(" ".join(text.split()))


def _fenced(text: str, language: str = "") -> str:
    """Write a block of code, within a fence that is longer than any in it."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{escaped(text)}\n{fence}"


def _closing(text: str) -> str:
    """Close the block of code, and the parts that unfold, that a text ends within."""
    fence = ""
    for line in text.splitlines():
        marks = "".join(takewhile("`".__eq__, line))
        if len(marks) >= 3 and (not fence or line == fence):
            fence = "" if fence else marks
    unfolded = text.count("\n<details") - text.count("\n</details>")
    return f"\n{fence}" * bool(fence) + "\n\n</details>" * unfolded
