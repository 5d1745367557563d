"""The text of a model's file, whatever encoding it is stored in."""

import codecs
import re

from knockflow.base.errors import ModelError
from knockflow.model.finding import INFO, WARNING, WHOLE_MODEL, Finding

# UTF-32 before UTF-16: the mark of the one begins with that of the other.
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Every format here begins with an ASCII character: where the zeros stand tells the width and the order of the bytes.
ZEROS = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
SHOWN = {"utf-8": "UTF-8", "iso8859-1": "ISO-8859-1", "cp1252": "Windows-1252"}
DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"'>]*)["']""")
DECLARATION = re.compile(r"""(\s*<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"'>]*["']""")


def decoded(content: bytes) -> tuple[str, list[Finding]]:
    """The text of a JSON or YAML file, and a finding unless it is plain UTF-8.

    A byte-order mark tells the encoding, or zeros among the first bytes. Without either a file that is not UTF-8 is
    taken for Windows-1252 or ISO-8859-1, one byte a character.

    Raises
    ------
    ModelError
        If the bytes are not whole in the encoding that a mark tells.
    """
    known = marked(content) or zeros(content)
    return known if known else guessed(content)


def decoded_xml(content: bytes) -> tuple[str, list[Finding]]:
    """The text of an XML file without the encoding that it declares, and a finding unless it is plain UTF-8.

    What a byte-order mark tells comes before what the file declares (XML 1.0, appendix F).

    Raises
    ------
    ModelError
        If the encoding is unknown, or the bytes are not whole in the one that a mark tells.
    """
    text, findings = marked(content) or zeros(content) or as_declared(content)
    return DECLARATION.sub(r"\1", text, count=1), findings


def marked(content: bytes) -> tuple[str, list[Finding]] | None:
    """The text behind a byte-order mark, where there is one."""
    for mark, codec in MARKS.items():
        if content.startswith(mark):
            return strictly(content[len(mark) :], codec), [told(codec, "with a byte-order mark")]
    return None


def zeros(content: bytes) -> tuple[str, list[Finding]] | None:
    """The text of a file of two or four bytes a character without a mark, where it is one."""
    start = content[:4]
    codec = ZEROS.get(tuple(byte == 0 for byte in start)) if len(start) == 4 else None
    return (strictly(content, codec), [told(codec, "without a byte-order mark")]) if codec else None


def as_declared(content: bytes) -> tuple[str, list[Finding]]:
    """The text of XML whose declaration can be read as ASCII."""
    declaration = DECLARED.match(content[:400])
    name = declaration[1].decode("ascii", "replace") if declaration else "utf-8"
    try:
        codec = codecs.lookup(name).name
        b"<".decode(codec)
    except (LookupError, UnicodeError) as error:
        if codec_width(name) > 1:
            codec = "utf-8"  # it declares two bytes a character, but its declaration has one
        else:
            raise ModelError(f"declares the encoding {name!r}, which is not known") from error
    if codec in ("utf-8", "ascii"):
        return guessed(content)
    try:
        return content.decode(codec), [told(codec, "as the file declares")]
    except UnicodeDecodeError:
        return guessed(content, f"declared as {name}")


def codec_width(name: str) -> int:
    """The least number of bytes a character of a codec that is known takes, 0 for an unknown one."""
    try:
        return len("<".encode(name.casefold() + ("-le" if name.casefold() in ("utf-16", "utf-32") else "")))
    except (LookupError, UnicodeError):
        return 0


def guessed(content: bytes, named: str = "") -> tuple[str, list[Finding]]:
    """UTF-8, else a text of one byte a character with the word that shows it."""
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        first = error.start
    codec = "cp1252" if any(0x80 <= byte < 0xA0 for byte in content) else "iso8859-1"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        codec, text = "iso8859-1", content.decode("iso8859-1")
    line = content.count(b"\n", 0, first) + 1
    word = re.split(r"[\s\"'<>]", text[:first])[-1] + re.split(r"[\s\"'<>]", text[first:])[0]
    how = f"{named + ', ' if named else ''}neither UTF-8 nor marked; first seen in line {line}: {word[:60]}"
    return text, [told(codec, how, WARNING)]


def strictly(content: bytes, codec: str) -> str:
    """Decoded text; a ModelError where the bytes are not whole."""
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise ModelError(f"not whole {shown(codec)}: {error.reason} at byte {error.start}") from error


def told(codec: str, how: str, severity: str = INFO) -> Finding:
    """The line that says how a file was read."""
    return Finding(WHOLE_MODEL, "encoding", severity, shown(codec), "", f"read as {shown(codec)}: {how}")


def shown(codec: str) -> str:
    """An encoding's usual name."""
    return SHOWN.get(codec, codec.upper().removesuffix("-LE").removesuffix("-BE"))
