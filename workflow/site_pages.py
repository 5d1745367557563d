"""What MkDocs needs to make a site of files that GitHub shows as they are: called by mkdocs.yml.

Pages of the site that are not in docs are brought in, and links between files of the repository become links between
pages. A link to a file that is no page becomes the name of that file. Equations, LaTeX in fences of `math`, become
MathML, which browsers draw without a script.
"""

import json
import posixpath
import re
from base64 import b64encode
from html import escape
from pathlib import Path

from math_core import LatexToMathML
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
DOCS = "docs/"
NOTEBOOK = "docs/tutorial.ipynb"

BROUGHT = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "config/README.md": "configuration.md",
    "tests/README.md": "tests.md",
    "tests/benchmarks/README.md": "benchmarks.md",
    NOTEBOOK: "notebook.md",
}
"""Pages of the site by their place in the repository."""

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
EQUATION = re.compile(r"^```math\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages from elsewhere; the notebook itself is none."""
    for source, page in BROUGHT.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        content = in_markdown(json.loads(text)) if source == NOTEBOOK else text
        files.append(File.generated(config, page, content=content))
    notebook = files.get_file_from_path(NOTEBOOK.removeprefix(DOCS))
    if notebook is not None:
        files.remove(notebook)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links to files of the repository as links to pages, and equations as MathML."""
    here = page.file.src_uri
    source = next((name for name, brought in BROUGHT.items() if brought == here), DOCS + here)
    parts = FENCED.split(markdown)
    parts[::2] = [LINK.sub(lambda found: linked(found, source, here), part) for part in parts[::2]]
    parts[1::2] = [EQUATION.sub(in_mathml, part) for part in parts[1::2]]
    return "".join(parts)


def linked(found: re.Match, source: str, here: str) -> str:
    """A link of the file `source`, as it stands in the page `here`."""
    sign, words, target = found.groups()
    path, _, anchor = target.partition("#")
    if not path or ":" in path:
        return found[0]
    meant = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    page = BROUGHT.get(meant) or (meant.removeprefix(DOCS) if meant.startswith(DOCS) else None)
    if page is None:
        return words
    place = posixpath.relpath(page, posixpath.dirname(here) or ".")
    return f"{sign}[{words}]({place}{f'#{anchor}' if anchor else ''})"


def in_mathml(found: re.Match) -> str:
    """An equation for browsers and readers of screens; a wide one can be scrolled, by keyboard, too."""
    mathml = LatexToMathML().convert_with_local_state(found[1].strip(), displaystyle=True)
    return f'<div class="equation" tabindex="0" role="group" aria-label="Equation">{mathml}</div>'


def in_markdown(notebook: dict) -> str:
    """A notebook with its outputs as a page."""
    parts = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        parts.append(text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```")
        parts += [shown(output) for output in cell.get("outputs", ())]
    return "\n\n".join(parts) + "\n"


def shown(output: dict) -> str:
    """An output of a cell: pictures as they are, all else as text."""
    if "text" in output:
        return f"```text\n{''.join(output['text']).rstrip()}\n```"
    data = output["data"]
    if "image/svg+xml" in data:
        # As an image, its style cannot reach the page.
        picture = b64encode("".join(data["image/svg+xml"]).encode()).decode()
        words = escape("".join(data["text/plain"]).strip("<>"))
        return f'<img alt="{words}" src="data:image/svg+xml;base64,{picture}">'
    return f"```text\n{''.join(data['text/plain'])}\n```"


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """The theme's search is a dialog without a name; readers of screens say what this gives it."""
    return named_search(output)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """The same for the page that is shown where there is none."""
    return named_search(output_content)


def named_search(html: str) -> str:
    """A page whose search has a name."""
    return html.replace(
        'data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"'
    )
