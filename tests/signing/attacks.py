"""Ways to cheat with a sealed file, each a function that gives the file back changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from jiezhang.street.sample.demo_ca import credentials_of, demo_ca
from reports.signing.certificates import read_certificates
from reports.signing.credentials import Credentials
from tests.signing.sealing import ASSEMBLY, COMMITTEE, SEED, flipped, keeper, once, plain, sealed, twice, with_places

THEN = datetime(2024, 6, 1, tzinfo=UTC)
"""When a certificate that has expired since was still good."""
SHORT = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
YOUNG = (datetime(2026, 11, 21, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))


class Careless(Credentials):
    """Seals whatever its certificate says."""

    def ready(self, at: datetime) -> None:
        pass


@contextmanager
def unguarded() -> Iterator[None]:
    """Another program, which doesn't ask whether the file was changed since it was sealed."""
    with patch("reports.signing.sign.changed_since_sealed", lambda pdf: ""):
        yield


def nothing() -> bytes:
    return twice()


def byte_of_the_original() -> bytes:
    return flipped(twice(), plain().index(b"/MediaBox") + 1)


def byte_of_the_first_seal() -> bytes:
    return flipped(twice(), len(with_places()) + 40)


def byte_of_the_second_seal() -> bytes:
    return flipped(twice(), len(once()) + 40)


def byte_of_the_first_signature() -> bytes:
    return other_digit(twice(), 0)


def byte_of_the_second_signature() -> bytes:
    return other_digit(twice(), 1)


def page_added() -> bytes:
    return updated(twice(), another_page)


def page_replaced() -> bytes:
    return updated(twice(), another_text)


def page_replaced_between() -> bytes:
    """The second keeper changes a page that the first has sealed, then seals the lot."""
    with unguarded():
        return sealed(updated(once(), another_text), "committee", COMMITTEE)


def note_added() -> bytes:
    return updated(twice(), a_note)


def rubbish_added() -> bytes:
    return twice() + b"\n% nothing to see\n"


def padding_used() -> bytes:
    pdf = twice()
    _, end = contents(pdf)[1]
    return pdf[: end - 4] + b"cafe" + pdf[end:]


def signature_swapped() -> bytes:
    """The committee's signature stands in the assembly's place."""
    pdf = twice()
    (start, end), (other, other_end) = contents(pdf)
    taken = pdf[other:other_end].rstrip(b"0")
    return pdf[:start] + taken.ljust(end - start, b"0") + pdf[end:]


def replaced_before_the_seals() -> bytes:
    """The page was replaced before anybody sealed: every seal is right, yet it isn't the original that they show."""
    return sealed(sealed(updated(with_places(), another_text), "assembly", ASSEMBLY), "committee", COMMITTEE)


def one_keeper_sets_both() -> bytes:
    first = sealed(with_places(), "assembly", COMMITTEE)
    return sealed(first, "committee", COMMITTEE)


def expired_since() -> bytes:
    old = keeper("Y01", "长吴公寓业主大会", valid=SHORT)
    return sealed(sealed(with_places(), "assembly", old, THEN), "committee", COMMITTEE)


def expired_when_set() -> bytes:
    old = keeper("Y01", "长吴公寓业主大会", valid=SHORT)
    return sealed(sealed(with_places(), "assembly", Careless(old.key, old.certificate)), "committee", COMMITTEE)


def too_young_when_set() -> bytes:
    young = keeper("Y01", "长吴公寓业主大会", valid=YOUNG)
    return sealed(sealed(with_places(), "assembly", Careless(young.key, young.certificate)), "committee", COMMITTEE)


def twin_authority() -> bytes:
    """Another authority of the same name, whose certificate comes along."""
    twin = keeper("Y01", "长吴公寓业主大会", seed="another")
    brought = Credentials(twin.key, twin.certificate, read_certificates(demo_ca("another")))
    return sealed(sealed(with_places(), "assembly", brought), "committee", COMMITTEE)


def self_signed() -> bytes:
    """A certificate that its holder made, in the assembly's name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = ASSEMBLY.certificate.subject
    usage = ASSEMBLY.certificate.extensions.get_extension_for_class(x509.KeyUsage)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(SHORT[0]).not_valid_after(YOUNG[1])
    own = Credentials(key, made.add_extension(usage.value, critical=True).sign(key, SHA256()))
    return sealed(sealed(with_places(), "assembly", own), "committee", COMMITTEE)


def issued_by_a_keeper() -> bytes:
    """A keeper, who is no authority, issues a certificate; theirs comes along as if between it and the authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    usage = ASSEMBLY.certificate.extensions.get_extension_for_class(x509.KeyUsage)
    made = x509.CertificateBuilder().subject_name(ASSEMBLY.certificate.subject).public_key(key.public_key())
    made = made.issuer_name(COMMITTEE.certificate.subject).serial_number(8)
    made = made.not_valid_before(SHORT[0]).not_valid_after(YOUNG[1]).add_extension(usage.value, critical=True)
    own = Credentials(key, made.sign(COMMITTEE.key, SHA256()), (COMMITTEE.certificate,))
    return sealed(sealed(with_places(), "assembly", own), "committee", COMMITTEE)


def key_for_something_else() -> bytes:
    key, certificate = credentials_of(SEED, "Y01", "保管人Y01", "长吴公寓业主大会", sign=False)
    whole = Careless(ASSEMBLY.key, read_certificates(certificate)[0])
    assert key
    return sealed(sealed(with_places(), "assembly", whole), "committee", COMMITTEE)


def contents(pdf: bytes) -> list[tuple[int, int]]:
    """Where the hexadecimal digits of each signature begin and end, in the file's order."""
    return [found.span(1) for found in re.finditer(rb"/Contents <([0-9a-fA-F]{1000,})>", pdf)]


def other_digit(pdf: bytes, number: int) -> bytes:
    """Another digit in the number that a signature comes down to, which stands last before the padding."""
    start, end = contents(pdf)[number]
    place = start + len(pdf[start:end].rstrip(b"0")) - 8
    return pdf[:place] + (b"1" if pdf[place : place + 1] != b"1" else b"2") + pdf[place + 1 :]


def another_text(writer: IncrementalPdfFileWriter) -> None:
    """The first page shows something else."""
    page = _first_page(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def other_words_in_the_same_place(writer: IncrementalPdfFileWriter) -> None:
    """The page is as it was, but the stream it names is another."""
    stream = _first_page(writer)["/Contents"]
    stream._data, stream._encoded_data = b"BT ET", None
    writer.mark_update(_first_page(writer).raw_get("/Contents"))


def another_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Page")})
    page["/Parent"] = writer.root.raw_get("/Pages")
    page["/MediaBox"] = _numbers(0, 0, 595, 842)
    page["/Resources"] = generic.DictionaryObject()
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = generic.NumberObject(3)
    writer.update_container(pages)


def a_note(writer: IncrementalPdfFileWriter) -> None:
    """A note stuck on the first page."""
    page = _first_page(writer)
    note = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Text")})
    note["/Rect"] = _numbers(10, 10, 50, 50)
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def a_turned_page(writer: IncrementalPdfFileWriter) -> None:
    page = _first_page(writer)
    page["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page)


def a_script_on_opening(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject({pdf_name("/S"): pdf_name("/JavaScript")})
    writer.update_root()


def a_form_shown_instead(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    form["/XFA"] = writer.add_object(generic.StreamObject(stream_data=b"<xdp/>"))
    writer.update_container(form)


def a_field_to_write_in(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    field = generic.DictionaryObject({pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string("甲")})
    form["/Fields"].append(writer.add_object(field))
    writer.update_container(form)


def _first_page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    return writer.find_page_for_modification(0)[0].get_object()


def _numbers(*values: int) -> generic.ArrayObject:
    return generic.ArrayObject(generic.NumberObject(value) for value in values)


def updated(pdf: bytes, change: object) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)  # type: ignore[operator]
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
