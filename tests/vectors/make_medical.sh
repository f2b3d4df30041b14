#!/bin/sh
# Makes medical.json with openssl, which nobody here wrote: patients' names as WeChat's document says that they are sent
# (AES-256 in ECB mode, PKCS#7 padding, base64), and what must not open.
#   sh tests/vectors/make_medical.sh > tests/vectors/medical.json
# The key protects nothing.
set -eu
key=canary-hospital-key-of-32-chars-

seal() { # plaintext, further options of openssl
  text=$1
  shift
  printf '%s' "$text" | openssl enc -aes-256-ecb -K "$(printf '%s' "$key" | od -An -v -tx1 | tr -d ' \n')" "$@" | base64 -w 0
}
patient() { # plaintext
  $comma
  comma='echo ,'
  printf '    { "plaintext": "%s", "cipher_real_name": "%s" }' "$(printf '%s' "$1" | sed 's/["\\]/\\&/g')" "$(seal "$1")"
}
junk() { # why it does not open, plaintext, further options of openssl
  why=$1
  shift
  $comma
  comma='echo ,'
  printf '    { "why": "%s", "cipher_real_name": "%s" }' "$why" "$(seal "$@")"
}

printf '{\n  "key": "%s",\n  "patients": [\n' "$key"
comma=
# The document's own sample, then the other kinds of documents, what may be absent, and every length of the padding.
patient '{"real_name":"张三","id_card_no":"45088100000000","id_card_type":1,"phone":"13800000138","timestamp":1661420431,"phone_country_code":"86"}'
patient '{"real_name":"陳大文","id_card_no":"H1234567801","id_card_type":6,"phone":"91234567","timestamp":1661420431,"phone_country_code":"852"}'
patient '{"real_name":"夏侯惇","id_card_no":"11010519491231002X","id_card_type":1,"timestamp":1661420431}'
patient '{"real_name":"夏侯惇","id_card_no":"11010519491231002X","id_card_type":1,"phone":"","phone_country_code":"","timestamp":1661420431}'
name=阿
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
  patient "{\"timestamp\":1,\"phone\":\"1\",\"id_card_type\":4,\"id_card_no\":\"M01234567\",\"real_name\":\"$name\"}"
  name=${name}a
done
printf '\n  ],\n  "junk": [\n'
comma=
junk 'no padding' '0123456789abcdef' -nopad
junk 'padding longer than a block' "$(printf '{}%030d' 0)" -nopad
junk 'no JSON' 'real_name=张三'
junk 'an empty object' '{}'
junk 'no name' '{"real_name":"","id_card_no":"1","id_card_type":1,"timestamp":1}'
junk 'no number' '{"real_name":"张三","id_card_type":1,"timestamp":1}'
junk 'a kind that is no number' '{"real_name":"张三","id_card_no":"1","id_card_type":"ID","timestamp":1}'
junk 'more than one object' '{"real_name":"张三","id_card_no":"1","id_card_type":1,"timestamp":1}{}'
junk 'GBK' "$(printf '{"real_name":"\325\305\310\375","id_card_no":"1","id_card_type":1,"timestamp":1}')"
junk 'nothing' ''
printf '\n  ]\n}\n'
