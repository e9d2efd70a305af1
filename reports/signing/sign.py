"""Set a seal: a signature over the whole file so far, appended to it, with the seal drawn in its field."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import StaticStampStyle

from jiezhang.domain.problem import Refused

from .certificates import SEALING
from .check import changed_since_sealed
from .credentials import Credentials
from .fields import Appending, FoundField, fields_of, open_pdf
from .stamp import round_seal

OPACITY = 0.7
"""Of the drawn seal: like ink, it lets the figures below be read."""


def seal_pdf(
    pdf: bytes,
    field: str,
    credentials: Credentials,
    *,
    at: datetime,
    reason: str,
    certify: bool,
    drawn: bytes | None = None,
) -> bytes:
    """The file with the field's seal set; the old bytes are its beginning.

    PAdES B-B: ETSI.CAdES.detached, SHA-256. With `certify`, for the first seal, the file is certified (DocMDP) and only
    fields may be filled from then on. `at` is an aware time, the seal's own word for when. `drawn` is a PDF of one page
    from `stamp.py`; by default a round seal of the certificate's organisation.

    `Refused` when the file has no such field, the field is sealed, the file was changed after an earlier seal, only
    the first seal could certify, or the certificate doesn't hold at `at`.
    """
    assert at.tzinfo is not None
    place = _place(open_pdf(pdf), field)
    problem = changed_since_sealed(pdf)
    if problem:
        raise Refused(f"{problem}，不能再盖章")
    credentials.ready(at)
    if drawn is None:
        drawn = round_seal(credentials.organisation, place.label, at.date())
    signer = _Signer(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=reason or None,
            name=credentials.holder,
            certify=certify,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            signer_key_usage=set(SEALING),
        ),
        signer=credentials.signer(),
        stamp_style=_style(drawn),
    )
    signer.at = at
    out = BytesIO()
    try:
        signer.sign_pdf(Appending(BytesIO(pdf)), existing_fields_only=True, output=out)
    except (SigningError, PdfError) as wrong:
        raise Refused(f"这个文件不能盖章（{wrong}）") from None
    return out.getvalue()


def _place(reader: PdfFileReader, name: str) -> FoundField:
    for field in fields_of(reader):
        if field.name == name:
            if field.sealed:
                raise Refused(f"{field.label}已经盖过了")
            return field
    raise Refused(f"文件里没有盖“{name}”的位置")


class _Signer(PdfSigner):
    """pyHanko's, with the time given instead of the machine's."""

    at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.at
        return session


class _Drawing(PdfContent):
    """The one page of a PDF held in memory, as a seal's appearance."""

    def __init__(self, pdf: bytes) -> None:
        self._page = PdfFileReader(BytesIO(pdf))
        left, low, right, top = self._page.root["/Pages"]["/Kids"][0].get_object()["/MediaBox"]
        super().__init__(box=BoxConstraints(width=right - left, height=top - low))

    def render(self) -> bytes:
        assert self.writer is not None
        drawing = self.writer.import_page_as_xobject(self._page, page_ix=0)
        self.set_resource(ResourceType.XOBJECT, NameObject("/Seal"), drawing)
        return b"/Seal Do"


def _style(drawn: bytes) -> StaticStampStyle:
    middle, none = AxisAlignment.ALIGN_MID, Margins(0, 0, 0, 0)
    whole = SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=none)
    return StaticStampStyle(
        border_width=0, background=_Drawing(drawn), background_layout=whole, background_opacity=OPACITY
    )
