"""Whose signatures a verifier believes. This stands outside the street's folder: who is checked does not choose."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from ..meanings import Means
from ..register import Code, Row
from . import edwards, note

PARTIES: dict[str, str] = {
    "office": "街道办事处",
    "bank": "专户银行",
    "auditor": "审计机构",
    "community": "社区",
    "owners": "业主代表",
}

Party = Annotated[Literal["office", "bank", "auditor", "community", "owners"], Means(PARTIES)]
Cosigner = Annotated[
    Literal["bank", "auditor", "community", "owners"],
    Means({party: name for party, name in PARTIES.items() if party != "office"}),
]


class TrustedKey(Row):
    """One key: whose it is, and its public half in hex (Ed25519). `name` is the id of the person who has it."""

    party: Party
    name: Code
    public: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    @field_validator("public")
    @classmethod
    def _is_a_key(cls, public: str) -> str:
        if edwards.decode_key(bytes.fromhex(public)) is None:
            raise ValueError(f"公钥 {public[:8]}… 不是有效的 Ed25519 公钥")
        return public

    def signs_by(self, street: str, origin: str) -> tuple[str, int]:
        """Name and kind of its signature under a checkpoint of `origin`."""
        return (origin, note.LOG) if self.party == "office" else (f"{street}/{self.name}", note.COSIGNER)

    def signs_as(self, street: str, origin: str) -> tuple[str, int, bytes]:
        """Name, kind and key id of its signature under a checkpoint of `origin`."""
        name, kind = self.signs_by(street, origin)
        return name, kind, note.key_id(name, kind, bytes.fromhex(self.public))


class Trust(Row):
    """The keys believed for one street; `required` are the parties, besides the office, that must all have signed."""

    street: Annotated[str, StringConstraints(pattern=r"^[^\s/+\x00-\x1f\x7f-\x9f\ufeff]{1,60}$")]
    required: tuple[Cosigner, ...] = ("bank", "auditor", "community")
    keys: Annotated[tuple[TrustedKey, ...], Field(max_length=1000)] = ()

    @model_validator(mode="after")
    def _every_key_once(self) -> Trust:
        """One key for two parties would let one person stand for both."""
        seen: set[str] = set()
        for key in self.keys:
            if key.public in seen:
                raise ValueError(f"公钥 {key.public[:8]}… 登记了两次，每一方要有自己的钥匙")
            seen.add(key.public)
        return self

    def key_of(self, origin: str, signature: note.Signature) -> TrustedKey | None:
        """The key that the signature under a checkpoint of `origin` says it is by; `None` when it is not believed."""
        said = signature.name, signature.kind
        # A street has hundreds of keys: the key id, a digest, is made for those of the name alone.
        named = (key for key in self.keys if key.signs_by(self.street, origin) == said)
        return next((key for key in named if key.signs_as(self.street, origin)[2] == signature.key_id), None)


def as_json(trust: Trust) -> str:
    """The form a verifier in another language reads."""
    return json.dumps(trust.model_dump(mode="json"), ensure_ascii=False)
