"""A device of the browser's own that keeps passkeys, over the DevTools protocol."""

import base64

# What a device sent when it made a key: enough for pages that list keys and ask for one.
_DATA = bytes(32) + b"\x45" + bytes(4) + bytes(16) + b"\x00\x04key1"
_COSE = bytes.fromhex("a5010203262001215820") + bytes(32) + b"\x22\x58\x20" + bytes(32)
_AUTH = _DATA + _COSE
_ATTESTATION = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(_AUTH)]) + _AUTH


def _websafe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


KEY = {
    "id": _websafe(b"key1"),
    "rawId": _websafe(b"key1"),
    "type": "public-key",
    "response": {
        "clientDataJSON": _websafe(b'{"type":"webauthn.create","challenge":"","origin":""}'),
        "attestationObject": _websafe(_ATTESTATION),
    },
    "clientExtensionResults": {"credProps": {"rk": True}},
}


def give_device(page):
    """A device with a finger always on it."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    made = protocol.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return protocol, made["authenticatorId"]
