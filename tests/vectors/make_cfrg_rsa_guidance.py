# Makes cfrg_rsa_guidance.json: the test vectors of draft-irtf-cfrg-rsa-guidance, appendix B, and OpenSSL's own ones
# for the same keys.
#   pip install cryptography tlslite-ng
#   python make_cfrg_rsa_guidance.py rsa-0.10.0-rc.20 openssl-3.5.7 > cfrg_rsa_guidance.json
# The first folder is the crate rsa, unpacked: the draft's vectors (revision 10) by their section's number. The second
# is OpenSSL's source, unpacked: three of the four keys, about half of the draft's ciphertexts, some more, and some cut
# short. All must agree with each other, with the OpenSSL in the wheel cryptography and with tlslite-ng, by the draft's
# author and in plain Python.
import json
import pathlib
import re
import sys

from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from tlslite.utils.keyfactory import parsePEMKey

if backend.openssl_version_number() < 0x30200000:
    sys.exit(f"implicit rejection needs OpenSSL 3.2, this is {backend.openssl_version_text()}")

CRATE, OPENSSL = (pathlib.Path(argument) for argument in sys.argv[1:])
NAMES = {"B.1": "RSA-2048-2", "B.2": "RSA-2049", "B.3": "RSA-3072", "B.4": None}  # OpenSSL has no 4096-bit key
# The crate has numbers only; each of the four sections numbers its vectors alike.
KINDS = {
    2: "valid",
    3: "valid, empty",
    4: "valid, ciphertext begins with a zero byte",
    5: "invalid, synthetic message empty",
    6: "invalid, synthetic message of the greatest length",
    7: "invalid, ciphertext begins with a zero byte",
    8: "invalid, the last of the synthetic lengths is too long",
    9: "invalid, first byte 01",
    10: "invalid, second byte 01",
    11: "invalid, zero in the first byte of padding",
    12: "invalid, zero in the eighth byte of padding",
    13: "invalid, no separator",
}


def private_numbers(pem):
    return serialization.load_pem_private_key(pem.encode(), None).private_numbers()


def openssl_vectors():  # {key's name: (PEM, [(comment, ciphertext, plaintext)])}, of a file of paragraphs
    text = (OPENSSL / "test/recipes/30-test_evp_data/evppkey_rsa_common.txt").read_text()
    found = {
        name: (re.search(f"^PrivateKey *= *{name}\n(-----BEGIN .*?-----END [A-Z ]+-----\n)", text, re.M | re.S)[1], [])
        for name in filter(None, NAMES.values())
    }
    for paragraph in text.split("\n\n"):
        field = dict(re.findall(r"^(\w+) *= *(.*)$", paragraph, re.M))
        if field.get("Decrypt") in found:
            output = field["Output"]  # hex, or text between quotation marks
            plaintext = output[1:-1].encode() if output.startswith('"') else bytes.fromhex(output)
            comment = " ".join(re.findall("^# (.*)$", paragraph, re.M))
            comment = re.sub(r"^The old FIPS provider doesn't include the workaround \(#13817\) ", "", comment)
            found[field["Decrypt"]][1].append((comment, bytes.fromhex(field["Input"]), plaintext))
    return found


def draft_vectors(section):
    for vector in section["cases"]:
        kind = KINDS[int(vector["id"].split(".")[2])]
        assert vector["valid"] == kind.startswith("valid")
        expect = vector["expect"]
        plaintext = bytes.fromhex(expect["hex"]) if "hex" in expect else expect.get("ascii", "").encode()
        yield f"{vector['id']} {kind}", bytes.fromhex(vector["ciphertext_hex"]), plaintext


folder = CRATE / "tests/examples/pkcs1v15_cfrg_rsa_guidance"
sections = json.loads((folder / "test_cases.json").read_text())
openssl = openssl_vectors()
keys, counts = [], []
for number, section in sections.items():
    pem = (folder / section["key_pem"]).read_text()
    key, second = serialization.load_pem_private_key(pem.encode(), None), parsePEMKey(pem, private=True)
    vectors = {ciphertext: (kind, plaintext) for kind, ciphertext, plaintext in draft_vectors(section)}
    of_draft, in_both = len(vectors), 0
    if NAMES[number]:
        other, more = openssl[NAMES[number]]
        assert private_numbers(other) == private_numbers(pem)
        for comment, ciphertext, plaintext in more:
            in_both += ciphertext in vectors
            assert vectors.setdefault(ciphertext, ("OpenSSL: " + comment, plaintext))[1] == plaintext, comment

    cases, refused = [], []
    for ciphertext, (kind, plaintext) in vectors.items():
        entry = {"kind": kind, "ciphertext": ciphertext.hex()}
        if len(ciphertext) == (key.key_size + 7) // 8:
            assert key.decrypt(ciphertext, PKCS1v15()) == plaintext == second.decrypt(ciphertext), kind
            cases.append(entry | {"plaintext": plaintext.hex()})
        else:  # OpenSSL's own tests decrypt these; RFC 8017, 7.2.2, refuses them, and so does the wheel
            try:
                key.decrypt(ciphertext, PKCS1v15())
            except ValueError:
                refused.append(entry)
            else:
                sys.exit(f"the wheel took {kind}")
    keys.append({"name": f"{number} {key.key_size}", "key": pem, "cases": cases, "refused": refused})
    counts.append(
        f"{number}: {of_draft} of the draft, {in_both} also in OpenSSL; {len(cases)} cases, {len(refused)} refused"
    )


def lines(entries):  # one to a line, for readable diffs
    return "[\n" + ",\n".join("        " + json.dumps(entry) for entry in entries) + "\n      ]" if entries else "[]"


source = f"draft-irtf-cfrg-rsa-guidance-10, appendix B, of the crate {CRATE.resolve().name} (MIT OR Apache-2.0); \
those marked OpenSSL of test/recipes/30-test_evp_data/evppkey_rsa_common.txt, {OPENSSL.resolve().name} (Apache-2.0)"
print('{\n  "source": %s,\n  "keys": [' % json.dumps(source))
print(",\n".join(
    '    {\n      "name": %s,\n      "key": %s,\n      "cases": %s,\n      "refused": %s\n    }'
    % (json.dumps(key["name"]), json.dumps(key["key"]), lines(key["cases"]), lines(key["refused"]))
    for key in keys
))
print("  ]\n}")
print(backend.openssl_version_text(), *counts, sep="\n", file=sys.stderr)
