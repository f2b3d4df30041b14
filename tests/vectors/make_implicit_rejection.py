# Makes implicit_rejection.json: what OpenSSL decrypts RSAES-PKCS1-v1_5 ciphertexts to, well-formed or not.
#   pip install cryptography tlslite-ng
#   python make_implicit_rejection.py > implicit_rejection.json
# From 3.2 on OpenSSL rejects implicitly (draft-irtf-cfrg-rsa-guidance): a ciphertext of the modulus's length and
# below the modulus always decrypts, to a synthetic message if its padding is wrong. The message comes from the
# ciphertext and d, so that it is the same at every call. tlslite-ng, by the draft's author and in plain Python, must
# give the same. The keys are made for this and protect nothing.
import json
import secrets
import sys

from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from tlslite.utils.keyfactory import parsePEMKey

# OpenSSL's forks call themselves 1.1.1 or 2.0 here, and do not reject implicitly.
if backend.openssl_version_number() < 0x30200000:
    sys.exit(f"implicit rejection needs OpenSSL 3.2, this is {backend.openssl_version_text()}")


def nonzero(length):
    return bytes(1 + secrets.randbelow(255) for _ in range(length))


def changed(em, *changes):
    em = bytearray(em)
    for at, byte in changes:
        em[at] = byte
    return bytes(em)


def vectors(name, bits, e):
    key = rsa.generate_private_key(e, bits)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    second = parsePEMKey(pem, private=True)
    n = key.public_key().public_numbers().n
    k = bits // 8
    cases, refused = [], []

    def decrypted(ciphertext):
        return key.decrypt(ciphertext, PKCS1v15())

    def case(kind, ciphertext, expected=None):
        if isinstance(ciphertext, int):
            ciphertext = ciphertext.to_bytes(k, "big")
        plaintext = decrypted(ciphertext)
        assert expected is None or plaintext == expected, kind
        assert second.decrypt(ciphertext) == plaintext, kind
        cases.append({"kind": kind, "ciphertext": ciphertext.hex(), "plaintext": plaintext.hex()})

    def refuse(kind, ciphertext):
        if isinstance(ciphertext, int):
            ciphertext = ciphertext.to_bytes(k, "big")
        try:
            decrypted(ciphertext)
        except ValueError:
            refused.append({"kind": kind, "ciphertext": ciphertext.hex()})
        else:
            sys.exit(f"OpenSSL took {kind}")

    def sealed(em):  # the ciphertext whose encoded message is em, well-formed or not
        assert len(em) == k
        return pow(int.from_bytes(em, "big"), e, n)

    def encoded(message):
        return b"\x00\x02" + nonzero(k - 3 - len(message)) + b"\x00" + message

    def until(condition):  # a random ciphertext that meets the condition
        while True:
            ciphertext = secrets.randbelow(n).to_bytes(k, "big")
            if condition(ciphertext):
                return ciphertext

    # Well-formed.
    for length in (0, 1, 18, 64, k - 12, k - 11):
        message = secrets.token_bytes(length)
        case(f"valid, {length} bytes", key.public_key().encrypt(message, PKCS1v15()), message)
    case("valid, message of zeros", sealed(encoded(bytes(18))), bytes(18))
    case("valid, padding of ff", sealed(b"\x00\x02" + b"\xff" * (k - 21) + bytes(1) + b"a" * 18), b"a" * 18)
    while (zero_first := sealed(encoded(b"zero first"))) >> (8 * k - 8):
        pass
    case("valid, ciphertext begins with a zero byte", zero_first, b"zero first")

    # Not made by encryption.
    for c in (0, 1, 2, n - 2, n - 1):
        case(f"c = {c}" if c < 3 else f"c = n-{n - c}", c)
    for _ in range(12):
        case("random", secrets.randbelow(n))
    case("random, begins with a zero byte", until(lambda c: c[0] == 0))
    case("random, synthetic message empty", until(lambda c: len(decrypted(c)) == 0), b"")
    case("random, synthetic message of the greatest length", until(lambda c: len(decrypted(c)) == k - 11))
    other = rsa.generate_private_key(e, bits).public_key()
    for _ in range(2):
        while int.from_bytes(foreign := other.encrypt(b"for another key", PKCS1v15()), "big") >= n:
            pass
        case("for another key", foreign)

    # One thing wrong each.
    for byte in (0x01, 0x02, 0x7F):
        case(f"first byte {byte:02x}", sealed(changed(encoded(b"wrong first"), (0, byte))))
    for byte in (0x00, 0x01, 0x03, 0x82):
        case(f"second byte {byte:02x}", sealed(changed(encoded(b"wrong second"), (1, byte))))
    case("both first bytes wrong", sealed(changed(encoded(b"wrong both"), (0, 0x01), (1, 0x01))))
    case("padding of a signature", sealed(b"\x00\x01" + b"\xff" * (k - 35) + b"\x00" + secrets.token_bytes(32)))
    case("no separator", sealed(b"\x00\x02" + nonzero(k - 2)))
    case("no separator, all ff", sealed(b"\x00\x02" + b"\xff" * (k - 2)))
    for at in range(2, 10):
        case(f"zero at byte {at}, none after it", sealed(changed(b"\x00\x02" + nonzero(k - 2), (at, 0))))
    for at in range(2, 10):
        case(f"zero at byte {at}, separator later", sealed(changed(encoded(b"short padding"), (at, 0))))
    longest = changed(b"\x00\x02" + nonzero(k - 2), (10, 0))
    case("valid, separator at byte 10, the first allowed", sealed(longest), longest[11:])
    case("valid, separator is the last byte", sealed(encoded(b"")), b"")
    case("encoded message all zero but 00 02", sealed(b"\x00\x02" + bytes(k - 2)))
    # The encoded message that is all zero has c = 0, and c = 1 has 00 … 00 01.

    # RFC 8017, 7.2.2: a length that is not k, or a number not below n, is a decryption error. The RSA of OpenSSL
    # itself takes shorter ciphertexts; the length is checked in the wheel.
    for c in (n, n + 1, 2 ** (8 * k) - 1):
        refuse(f"c = n+{c - n}" if c < n + 2 else "c of ones", c)
    while (above := sealed(encoded(b"and n")) + n) >> (8 * k):
        pass
    refuse("valid plus n", above)
    valid = sealed(encoded(b"wrong length")).to_bytes(k, "big")
    refuse("empty", b"")
    refuse("one byte", b"\x01")
    refuse("k-1 bytes, a valid one's zero first byte left out", zero_first.to_bytes(k - 1, "big"))
    refuse("k-1 bytes, a valid one's last byte left out", valid[:-1])
    refuse("k-1 bytes, random", secrets.token_bytes(k - 1))
    refuse("k+1 bytes, a zero before a valid one", b"\x00" + valid)
    refuse("k+1 bytes, a zero after a valid one", valid + b"\x00")
    return {"name": name, "key": pem, "cases": cases, "refused": refused}


def lines(entries):  # one to a line, for readable diffs
    return "[\n" + ",\n".join("        " + json.dumps(entry) for entry in entries) + "\n      ]"


keys = [vectors("2048", 2048, 65537), vectors("2048 e=3", 2048, 3)]
keys += [vectors("3072", 3072, 65537), vectors("4096", 4096, 65537)]
print('{\n  "openssl": %s,\n  "keys": [' % json.dumps(backend.openssl_version_text()))
print(",\n".join(
    '    {\n      "name": %s,\n      "key": %s,\n      "cases": %s,\n      "refused": %s\n    }'
    % (json.dumps(key["name"]), json.dumps(key["key"]), lines(key["cases"]), lines(key["refused"]))
    for key in keys
))
print("  ]\n}")
