"""Documents as OFD files (GB/T 33190): text objects with character distances, paths, or one picture of the page."""

import io
import zipfile
from xml.sax.saxutils import escape

from tests.making.corpus.drawing import Paper, as_picture, width_of

_MM = 25.4 / 72
_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def as_ofd(paper: Paper, *, pictured: bool = False) -> bytes:
    """Return the document as an OFD file with text, or as a picture of it."""
    wide, high = paper.width * _MM, paper.height * _MM
    objects = []
    if pictured:
        objects.append(f'<ofd:ImageObject ID="9" Boundary="0 0 {wide:.3f} {high:.3f}" ResourceID="7"/>')
    else:
        for x0, y0, x1, y1 in paper.rules:
            box = f"{min(x0, x1) * _MM:.3f} {min(y0, y1) * _MM:.3f} {abs(x1 - x0) * _MM:.3f} {abs(y1 - y0) * _MM:.3f}"
            to = f"{(x1 - min(x0, x1)) * _MM:.3f} {(y1 - min(y0, y1)) * _MM:.3f}"
            path = f"M {(x0 - min(x0, x1)) * _MM:.3f} {(y0 - min(y0, y1)) * _MM:.3f} L {to}"
            objects.append(
                f'<ofd:PathObject Boundary="{box}"><ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>'
            )
        for x, y, size, text in paper.texts:
            box = f"{x * _MM:.3f} {y * _MM:.3f} {width_of(text, size) * _MM:.3f} {size * _MM:.3f}"
            steps = " ".join(f"{width_of(c, size) * _MM:.4f}" for c in text[:-1])
            code = f'<ofd:TextCode X="0" Y="{0.86 * size * _MM:.3f}" DeltaX="{steps}">{escape(text)}</ofd:TextCode>'
            objects.append(f'<ofd:TextObject Boundary="{box}" Font="1" Size="{size * _MM:.3f}">{code}</ofd:TextObject>')
    content = f"<ofd:Page {_NS}><ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>"
    area = f"<ofd:PageArea><ofd:PhysicalBox>0 0 {wide:.3f} {high:.3f}</ofd:PhysicalBox></ofd:PageArea>"
    common = f"<ofd:CommonData>{area}<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>"
    pages = '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
    medium = '<ofd:MultiMedia ID="7" Type="Image"><ofd:MediaFile>page.png</ofd:MediaFile></ofd:MultiMedia>'
    members: dict[str, bytes] = {
        "OFD.xml": f"<ofd:OFD {_NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>".encode(),
        "Doc_0/Document.xml": f"<ofd:Document {_NS}>{common}{pages}</ofd:Document>".encode(),
        "Doc_0/DocumentRes.xml": f'<ofd:Res {_NS} BaseLoc="Res"><ofd:MultiMedias>{medium}</ofd:MultiMedias></ofd:Res>'.encode(),
        "Doc_0/Pages/Page_0/Content.xml": content.encode(),
    }
    if pictured:
        buffer = io.BytesIO()
        as_picture(paper, dpi=150).save(buffer, "PNG")
        members["Doc_0/Res/page.png"] = buffer.getvalue()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()
