#!/bin/sh
# Makes openssl.json with the commands of WeChat's document (openssl, iconv), which nobody here wrote.
#   sh tests/vectors/make.sh > tests/vectors/openssl.json
# The keys are made for this and protect nothing.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

text() { # a file as one JSON string
  printf '"%s"' "$(awk '{ printf "%s\\n", $0 }' "$1")"
}
seal() { # standard input under the certificate's key, in base64
  openssl pkeyutl -encrypt -certin -inkey certificate.pem -pkeyopt rsa_padding_mode:pkcs1 | base64 -w 0
}
person() { # name, number, the name's bytes in GBK
  printf '      { "name": "%s", "number": "%s", "encryted_real_name": "%s", "encryted_credential_id": "%s" }' \
    "$1" "$2" "$(printf "$3" | seal)" "$(printf '%s' "$2" | seal)"
}
gbk() { # a text as printf's escapes of its GBK bytes
  printf '%s' "$1" | iconv -f utf-8 -t gbk | od -An -v -tx1 | tr -d '\n' | sed 's/ /\\x/g'
}

echo '['
for bits in 2048 3072 4096; do
  openssl genrsa -traditional -out pkcs1.pem "$bits" 2>/dev/null
  openssl pkcs8 -topk8 -nocrypt -in pkcs1.pem -out pkcs8.pem
  # 20 bytes; the 3072-bit key's serial number begins with a zero digit, the 4096-bit key's with a set sign bit.
  case $bits in
    2048) serial=157F3AD6C38B9E04B1A5D7E2F90C6A8B3D4E5F60 ;;
    3072) serial=0A7F3AD6C38B9E04B1A5D7E2F90C6A8B3D4E5F61 ;;
    4096) serial=D57F3AD6C38B9E04B1A5D7E2F90C6A8B3D4E5F62 ;;
  esac
  openssl req -new -x509 -key pkcs8.pem -subj /CN=1900006511 -set_serial "0x$serial" -days 36500 -out certificate.pem
  timestamp=1795170000
  sign=$(printf 'cert_serialno=%s&timestamp=%s' "$serial" "$timestamp" |
    openssl dgst -sha256 -binary -sign pkcs8.pem | base64 -w 0)
  printf '  {\n    "bits": %s,\n    "pkcs1": ' "$bits"; text pkcs1.pem
  printf ',\n    "pkcs8": '; text pkcs8.pem
  printf ',\n    "certificate": '; text certificate.pem
  printf ',\n    "serial": "%s",\n    "timestamp": %s,\n    "sign": "%s",\n    "people": [\n' "$serial" "$timestamp" "$sign"
  person 张三 11010519491231002X "$(gbk 张三)"; echo ,
  person 郑伟 440524188001010014 "$(gbk 郑伟)"; echo ,
  person 阿依古丽·买买提 11010519491231002X "$(gbk 阿依古丽·买买提)"; echo ,
  # iconv's gbk has no 䶮; these are its two bytes, and 㛃 in four.
  person 䶮 11010519491231002X '\xfe\x9f'; echo ,
  person 刘㛃 11010519491231002X '\xc1\xf5\x82\x30\xb7\x31'; echo
  printf '    ]\n  }'
  if [ "$bits" = 4096 ]; then echo; else echo ,; fi
done
echo ']'
