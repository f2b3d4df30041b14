#!/usr/bin/env python3
"""Checks the WeChat push encryption test vectors, and adds generated ones.

How to run it. Python 3.9 or newer and two packages from PyPI are needed:

    python3 -m venv venv
    venv/bin/pip install wechatpy==1.8.18 cryptography
    venv/bin/python make_push.py push.json push_unsigned.json

The second file may be left out.

What it does:

1. Every entry of push.json is checked without the library under test and
   without wechatpy: the signature with hashlib, the encryption with the
   package `cryptography`. The text is decrypted, its padding, length and app
   id are compared, and it is encrypted again with the same random prefix,
   which must give the same bytes. Entries of push_unsigned.json (published
   without a signature that belongs to them) get the same, except for the
   signature.
2. Entries whose source begins with "wechatpy " followed by a version are
   thrown away and made anew with that package, so that code nobody here wrote
   says what the right answer is. They cover each padding value from 1 to 32.
   Random prefix, time and nonce are fixed: running it twice with the same
   version of wechatpy gives the same file.

push.json is rewritten only when everything was right; otherwise the first
mistake is printed and the exit status is not 0.

The fields: "random" is the 16 bytes before the text, in hex; "pad" is the
value of the padding bytes, 1 to 32. An EncodingAESKey has 43 characters, the
last of which carries 2 bits too many; real ones have those bits set to
anything, so a strict Base64 decoder refuses them.
"""
import base64
import binascii
import hashlib
import json
import re
import sys
from importlib.metadata import version

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32

TOKEN = "a-push-token"
APP_ID = "wxcomponent00000001"
AES_KEY = "aKeyForPushTestsWhoseLastCharacterHasSpare3"
PREFIX = b"0123456789abcdef"
# What WeCom sends as its random prefix is not always text.
BINARY_PREFIX = bytes(range(0xF0, 0x100))
# The four strings are sorted as bytes: digits, capitals, small letters. Each
# nonce ends up in another place among them.
NONCES = ["1320562132", "0", "Nonce", "~tilde", "a-push-tokem", "zzzzzz"]
LETTERS = "abcdefghijklmnopqrstuvwxyz01234"


def key_of(encoding_aes_key):
    assert len(encoding_aes_key) == 43, "an EncodingAESKey has 43 characters"
    return binascii.a2b_base64(encoding_aes_key + "=")  # ignores the spare bits


def aes(key):
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def sign(token, timestamp, nonce, encrypt):
    parts = sorted(s.encode() for s in (token, timestamp, nonce, encrypt))
    return hashlib.sha1(b"".join(parts)).hexdigest()


def decrypt(encoding_aes_key, encrypt):
    """Returns (random, message, app id, padding value)."""
    data = base64.b64decode(encrypt, validate=True)
    assert data and len(data) % BLOCK == 0, "not a whole number of blocks"
    d = aes(key_of(encoding_aes_key)).decryptor()
    text = d.update(data) + d.finalize()
    pad = text[-1]
    assert 1 <= pad <= BLOCK, "padding value %d" % pad
    assert text[-pad:] == bytes([pad]) * pad, "padding bytes differ"
    text = text[:-pad]
    end = 20 + int.from_bytes(text[16:20], "big")
    assert end <= len(text), "length too large"
    return text[:16], text[20:end].decode(), text[end:].decode(), pad


def encrypt(encoding_aes_key, random, message, app_id):
    message = message.encode()
    text = random + len(message).to_bytes(4, "big") + message + app_id.encode()
    pad = BLOCK - len(text) % BLOCK
    e = aes(key_of(encoding_aes_key)).encryptor()
    data = e.update(text + bytes([pad]) * pad) + e.finalize()
    return base64.b64encode(data).decode()


def check(entry, signed):
    if signed:
        right = sign(entry["token"], entry["timestamp"], entry["nonce"], entry["encrypt"])
        assert entry["msgSignature"] == right, "the signature should be " + right
    random, message, app_id, pad = decrypt(entry["encodingAesKey"], entry["encrypt"])
    for name, found in (("random", random.hex()), ("message", message),
                        ("appId", app_id), ("pad", pad)):
        assert entry[name] == found, "%s should be %r" % (name, found)
    again = encrypt(entry["encodingAesKey"], random, message, app_id)
    assert again == entry["encrypt"], "encrypted again it differs"


def check_all(path, entries, signed):
    for n, entry in enumerate(entries):
        try:
            check(entry, signed)
        except Exception as error:
            sys.exit("%s, entry %d (%s): %s" % (path, n, entry.get("source"), error))


def messages():
    """The texts to encrypt: (message, random prefix)."""
    for length in range(32):
        yield LETTERS[:length], PREFIX
    yield "中文消息，三个字节一个字", PREFIX
    yield "一" * 100, PREFIX  # a length of more than one byte
    yield "emoji 😀, é, and a line end\r\n", PREFIX
    yield "not all prefixes are text 二进制", BINARY_PREFIX
    yield ("<xml><AppId><![CDATA[%s]]></AppId>\n<CreateTime>1700000000</CreateTime>\n"
           "<InfoType><![CDATA[component_verify_ticket]]></InfoType>\n"
           "<ComponentVerifyTicket><![CDATA[ticket@@@made-up]]></ComponentVerifyTicket>\n"
           "</xml>" % APP_ID), PREFIX
    yield '{"Content":"{\\"引号\\": [1, 2]}"}', PREFIX


def generate():
    from wechatpy import crypto

    original = crypto.PrpCrypto.get_random_string
    maker = crypto.WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    entries = []
    try:
        for n, (message, prefix) in enumerate(messages()):
            crypto.PrpCrypto.get_random_string = lambda self, prefix=prefix: prefix
            timestamp, nonce = str(1700000000 + n), NONCES[n % len(NONCES)]
            xml = maker.encrypt_message(message, nonce, timestamp)
            text = re.search(r"<Encrypt><!\[CDATA\[(.*?)]]>", xml).group(1)
            signature = re.search(r"<MsgSignature><!\[CDATA\[(.*?)]]>", xml).group(1)
            assert maker.decrypt_message(xml, signature, timestamp, nonce) == message
            entries.append({
                "source": "wechatpy " + version("wechatpy"),
                "token": TOKEN, "encodingAesKey": AES_KEY, "appId": APP_ID,
                "timestamp": timestamp, "nonce": nonce, "msgSignature": signature,
                "encrypt": text, "random": prefix.hex(), "message": message,
                "pad": decrypt(AES_KEY, text)[3],
            })
    finally:
        crypto.PrpCrypto.get_random_string = original
    assert {e["pad"] for e in entries} == set(range(1, BLOCK + 1)), "not every padding value"
    return entries


def main(path, unsigned=None):
    with open(path, encoding="utf-8") as f:
        entries = json.load(f)
    check_all(path, entries, True)
    public = [e for e in entries if not re.match(r"wechatpy \d", e["source"])]
    made = generate()
    check_all("generated", made, True)
    print("%d public vectors are right, %d generated" % (len(public), len(made)))
    if unsigned:
        with open(unsigned, encoding="utf-8") as f:
            more = json.load(f)
        check_all(unsigned, more, False)
        print("%d vectors without a signature are right" % len(more))
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        json.dump(public + made, f, ensure_ascii=False, indent=2)
        f.write("\n")


if __name__ == "__main__":
    if not __debug__:
        sys.exit("not with -O: the checks are assertions")
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python3 make_push.py push.json [push_unsigned.json]")
    main(*sys.argv[1:])
