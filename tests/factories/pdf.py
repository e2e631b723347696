"""A PDF with words in it, as an office program writes them."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject


def pdf_of(text: str) -> bytes:
    """Return a file of one page on which the text stands, with every Vietnamese letter."""
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    letters = "".join(f"<{ord(letter):04x}> <{ord(letter):04x}>\n" for letter in sorted(set(text)))
    codes = (
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{len(set(text))} beginbfchar\n{letters}endbfchar\n"
    )
    inner = {"/Type": "/Font", "/Subtype": "/CIDFontType2", "/BaseFont": "/Archivo"}
    outer = {"/Type": "/Font", "/Subtype": "/Type0", "/BaseFont": "/Archivo"}
    font = _named(outer | {"/Encoding": "/Identity-H"})
    font[NameObject("/DescendantFonts")] = ArrayObject([writer._add_object(_named(inner))])
    font[NameObject("/ToUnicode")] = writer._add_object(_stream(codes))
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    shown = f"BT /F1 12 Tf 50 700 Td <{text.encode('utf-16-be').hex()}> Tj ET"
    page[NameObject("/Contents")] = writer._add_object(_stream(shown))
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


def _named(values: dict[str, str]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in values.items()})


def _stream(content: str) -> StreamObject:
    stream = StreamObject()
    stream.set_data(content.encode())
    return stream
