"""A host's key and the certificate it made for itself. Nobody vouches for it: the other side knows its fingerprint."""

import hashlib
import os
import secrets
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

_FILE = "identity.pem"


class Identity:
    """Made once for each data folder, readable by its owner only."""

    def __init__(self, file: Path) -> None:
        self._file = file
        pem = file.read_text()
        certificate = pem[pem.index("-----BEGIN CERTIFICATE-----") :]
        self.fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()

    @classmethod
    def of(cls, folder: Path) -> "Identity":
        """The identity kept in `folder`, made there at first use."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        file = folder / _FILE
        if not file.exists():
            _keep(file, _make())
        return cls(file)

    def context(self) -> ssl.SSLContext:
        """How we answer: TLS 1.3 only, with this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.num_tickets = 0  # a resumed session would not show the certificate
        context.load_cert_chain(self._file)
        return context


def _make() -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Palabre link")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))  # the pin counts, not the clock
        .not_valid_after(datetime(9999, 12, 31, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)


def _keep(file: Path, pem: bytes) -> None:
    """Key and certificate in one file, whole or not at all; of two who make one at once the first wins."""
    aside = file.with_name(f".{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(aside, file)
    finally:
        aside.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
