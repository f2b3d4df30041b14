#!/bin/sh
# Makes key_files.json: one merchant's key and certificate in every form that openssl (3.x, with its legacy provider) and
# ssh-keygen write, PKCS#12 of NSS (pk12util), GnuTLS (certtool), Java (keytool) and BouncyCastle, and the files that people
# hand in by mistake. On Debian: apt-get install openssl openssh-client perl libnss3-tools gnutls-bin default-jdk-headless libbcprov-java
#   sh tests/vectors/make_key_files.sh > tests/vectors/key_files.json
# The keys are made for this and protect nothing.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mch_id=1900006511
password=correct-horse

comma=
entry() { # name, the option it is handed in as, file, what the error says ("" where it opens), password, its own signature
  [ -z "$comma" ] || echo ,
  comma=yes
  printf '    { "name": "%s", "field": "%s", "refused": %s, "password": %s, "otherKeysSign": %s,\n      "file": "%s" }' \
    "$1" "$2" "$(string "$4")" "$(string "${5-}")" "$(string "${6-}")" "$(base64 -w 0 "$3")"
}
string() { if [ -n "$1" ]; then printf '"%s"' "$1"; else printf null; fi; }
sign() { # the signature that getrealnameinfo wants, with this key
  printf 'cert_serialno=157F3AD6C38B9E04B1A5D7E2F90C6A8B3D4E5F60&timestamp=1795170000' |
    openssl dgst -sha256 -binary -sign "$1" | base64 -w 0
}
quiet() { "$@" 2>/dev/null; }

quiet openssl genrsa -traditional -out key.pem 2048
quiet openssl genrsa -traditional -out other.pem 2048
openssl req -new -x509 -key key.pem -subj "/C=CN/O=微信商户系统/OU=示例,公司/L=Shenzhen/CN=$mch_id" -utf8 \
  -set_serial 0x157F3AD6C38B9E04B1A5D7E2F90C6A8B3D4E5F60 -days 25000 -out cert.pem
openssl req -new -x509 -key other.pem -subj /CN=issuer -days 1825 -out issuer.pem

echo '{'
printf '  "mchId": "%s",\n  "serial": "157F3AD6C38B9E04B1A5D7E2F90C6A8B3D4E5F60",\n' "$mch_id"
printf '  "certificate": "%s",\n  "key": "%s",\n' "$(base64 -w 0 cert.pem)" "$(base64 -w 0 key.pem)"
printf '  "timestamp": 1795170000,\n  "sign": "%s",\n  "files": [\n' "$(sign key.pem)"

key() { entry "$1" privateKey "$2" "${3-}" "${4-}" "${5-}"; }
key 'PKCS#1 PEM' key.pem
openssl rsa -in key.pem -outform DER -traditional -out pkcs1.der 2>/dev/null && key 'PKCS#1 DER' pkcs1.der
openssl pkcs8 -topk8 -nocrypt -in key.pem -out pkcs8.pem && key 'PKCS#8 PEM' pkcs8.pem
openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out pkcs8.der && key 'PKCS#8 DER' pkcs8.der
openssl pkcs8 -topk8 -nocrypt -in other.pem -out other8.pem
cat other8.pem pkcs8.pem > two.pem && key "another merchant's key first" two.pem
quiet openssl genrsa -primes 3 -out three.pem 2048 && key 'three primes' three.pem '' '' "$(sign three.pem)"
quiet openssl genrsa -3 -out e3.pem 2048 && key 'e = 3' e3.pem '' '' "$(sign e3.pem)"

encrypted() { # name, then options of openssl pkcs8
  name=$1; shift
  openssl pkcs8 -topk8 -in key.pem -passout "pass:$password" -out encrypted.pem "$@"
  key "$name" encrypted.pem '' "$password"
}
encrypted 'PBES2, AES-256, PBKDF2 SHA-256' -v2 aes-256-cbc
encrypted 'PBES2, AES-128, PBKDF2 SHA-1' -v2 aes-128-cbc -v2prf hmacWithSHA1
encrypted 'PBES2, AES-192, PBKDF2 SHA-512' -v2 aes-192-cbc -v2prf hmacWithSHA512
encrypted 'PBES2, 3DES, PBKDF2 SHA-1' -v2 des3 -v2prf hmacWithSHA1
encrypted 'PBES2, scrypt' -scrypt
encrypted 'PBES2, 600,000 iterations' -v2 aes-256-cbc -iter 600000
encrypted 'PBES2, DER' -outform DER
openssl pkcs8 -topk8 -in key.pem -passout "pass:密码 pässwörd" -out encrypted.pem
key 'PBES2, a password beyond ASCII' encrypted.pem '' '密码 pässwörd'
openssl pkcs8 -topk8 -in key.pem -passout "pass:$password" -out encrypted.pem
key 'PBES2, no password given' encrypted.pem 'is an encrypted key: hand in its password'
key 'PBES2, a wrong password' encrypted.pem 'is not the one of this key' wrong-horse
openssl pkcs8 -topk8 -in key.pem -passout "pass:$password" -iter 600001 -out encrypted.pem
key 'PBES2, 600,001 iterations' encrypted.pem '600,000 iterations or 32 MiB' "$password"
# openssl itself refuses to derive with 64 MiB, so its block size of 8 becomes 32 in the file that it made.
openssl pkcs8 -topk8 -in key.pem -passout "pass:$password" -scrypt -outform DER |
  LC_ALL=C perl -0777 -pe 's/\x02\x02\x40\x00\x02\x01\x08/\x02\x02\x40\x00\x02\x01\x20/ or die' > encrypted.der
key 'PBES2, scrypt of 64 MiB' encrypted.der '600,000 iterations or 32 MiB' "$password"
openssl pkcs8 -topk8 -in key.pem -passout "pass:$password" -v2 camellia-256-cbc -out encrypted.pem
key 'PBES2, Camellia' encrypted.pem 'AES and 3DES' "$password"
openssl pkcs8 -topk8 -in key.pem -passout "pass:$password" -v1 PBE-SHA1-3DES -out encrypted.pem
key 'PBE-SHA1-3DES' encrypted.pem 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem'
key 'PBE-SHA1-3DES, with its password' encrypted.pem 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem' "$password"
openssl rsa -in key.pem -aes256 -traditional -passout "pass:$password" -out traditional.pem 2>/dev/null
key 'Proc-Type: 4,ENCRYPTED' traditional.pem 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem' "$password"

quiet openssl genrsa -out short.pem 1024 && key '1024 bits' short.pem '2048 to 8192 bits'
quiet openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.pem && key 'RSASSA-PSS' pss.pem 'RSASSA-PSS'
openssl ecparam -genkey -name prime256v1 -out ec.pem && key 'EC with its parameters' ec.pem 'elliptic-curve key'
openssl pkcs8 -topk8 -nocrypt -in ec.pem -out ec8.pem && key 'EC PKCS#8' ec8.pem 'elliptic-curve key'
cat ec8.pem pkcs8.pem > two.pem && key 'EC key first' two.pem
openssl ec -in ec.pem -outform DER -out ec.der 2>/dev/null && key 'EC DER' ec.der 'elliptic-curve key'
openssl genpkey -algorithm SM2 -out sm2.pem && key SM2 sm2.pem 'an SM2 key'
openssl genpkey -algorithm ed25519 -out ed.pem && key Ed25519 ed.pem 'another algorithm than RSA'
openssl rsa -in key.pem -pubout -out public.pem 2>/dev/null && key 'public key' public.pem 'is a public key'
openssl rsa -in key.pem -RSAPublicKey_out -out rsapublic.pem 2>/dev/null && key 'RSA public key' rsapublic.pem 'is a public key'
openssl rsa -in key.pem -pubout -outform DER -out public.der 2>/dev/null && key 'public key DER' public.der 'is a public key'
openssl req -new -key key.pem -subj /CN=x -out csr.pem && key CSR csr.pem 'certificate request'
openssl req -in csr.pem -outform DER -out csr.der && key 'CSR DER' csr.der 'certificate request'
key 'certificate' cert.pem 'is a certificate'
openssl x509 -in cert.pem -outform DER -out cert.der && key 'certificate DER' cert.der 'is a certificate'
openssl crl2pkcs7 -nocrl -certfile cert.pem -out bundle.p7b && key 'PKCS#7' bundle.p7b 'PKCS#7'
openssl pkcs12 -export -inkey key.pem -in cert.pem -passout "pass:$mch_id" -out modern.p12 && key 'PKCS#12 as a key' modern.p12 'hand it in as p12'
cp key.pem openssh.pem && ssh-keygen -q -p -N '' -f openssh.pem >/dev/null && key 'OpenSSH' openssh.pem 'ssh-keygen -p -m PEM'

certificate() { entry "$1" certificate "$2" "${3-}"; }
certificate 'certificate PEM' cert.pem
certificate 'certificate DER' cert.der
cat issuer.pem cert.pem > chain.pem && certificate 'chain, issuer first' chain.pem
openssl x509 -in cert.pem -text -out text.pem && certificate 'certificate with its text' text.pem
openssl x509 -in cert.pem -trustout -addtrust clientAuth -out trusted.pem && certificate 'trusted certificate' trusted.pem
openssl req -new -x509 -key key.pem -subj /CN=$mch_id -set_serial 0x7F3A -days 1825 -out short_serial.pem
openssl req -new -x509 -key key.pem -subj /CN=1900000001 -set_serial 0x257F3AD6C38B9E04B1A5D7E2F90C6A8B3D4E5F60 -days 25000 -out renewed.pem
cat renewed.pem cert.pem > two.pem && certificate "another number's certificate of the same key first" two.pem
sed 's/^-----END.*//' cert.pem | cat - cert.pem > two.pem && certificate 'a certificate without its END line first' two.pem
certificate 'short serial number' short_serial.pem 'other than 40 hex digits'
certificate 'another certificate' issuer.pem 'is not the key of the certificate'
certificate 'key as a certificate' key.pem 'is a private key'
certificate 'CSR as a certificate' csr.pem 'certificate request'
certificate 'public key as a certificate' public.pem 'is a public key'
certificate 'PKCS#7 as a certificate' bundle.p7b 'PKCS#7'
certificate 'PKCS#12 as a certificate' modern.p12 'hand it in as p12'

p12() { # name, then options of openssl pkcs12 -export
  name=$1; shift
  openssl pkcs12 -export -inkey key.pem -in cert.pem -passout "pass:$mch_id" -out file.p12 "$@"
  entry "$name" p12 file.p12 '' ''
}
p12 'p12 of today: AES-256, SHA-256 MAC'
p12 'p12 of old: RC2-40 and 3DES, SHA-1 MAC' -legacy
p12 'p12 of old with 3DES for both' -legacy -descert
p12 'p12 with RC2-128' -legacy -certpbe PBE-SHA1-RC2-128
p12 'p12 with a chain and a name' -certfile issuer.pem -name '商户 cert'
p12 'p12 without MAC' -nomac
p12 'p12 with SHA-512 MAC' -macalg sha512 -iter 10000
p12 'p12 with SHA-1 MAC and AES' -macalg sha1
p12 'p12 with nothing encrypted' -keypbe NONE -certpbe NONE
openssl pkcs12 -export -inkey key.pem -in cert.pem -passout "pass:$password" -out file.p12
entry 'p12 with a password of its own' p12 file.p12 '' "$password"
entry 'p12 with a password of its own, not given' p12 file.p12 'does not open with the merchant number' ''
entry 'p12 with a wrong password' p12 file.p12 'is not the one of this p12' wrong-horse
openssl pkcs12 -export -legacy -inkey key.pem -in cert.pem -passout "pass:$password" -out file.p12
entry 'p12 of old with a wrong password' p12 file.p12 'is not the one of this p12' wrong-horse
openssl pkcs12 -export -inkey key.pem -in cert.pem -passout "pass:$password" -nomac -out file.p12
entry 'p12 without MAC, a wrong password' p12 file.p12 'is not the one of this p12' wrong-horse
openssl pkcs12 -export -inkey key.pem -in cert.pem -passout "pass:$mch_id" -iter 600001 -out file.p12
entry 'p12 with 600,001 iterations' p12 file.p12 '600,000 iterations or 32 MiB' ''
quiet openssl genrsa -out short.pem 1024
openssl req -new -x509 -key short.pem -subj /CN=$mch_id -days 25000 -out short_cert.pem
openssl pkcs12 -export -inkey short.pem -in short_cert.pem -passout "pass:$mch_id" -out file.p12
entry 'p12 with a short key' p12 file.p12 'p12: must have 2048 to 8192 bits' ''
openssl pkcs12 -export -nocerts -inkey key.pem -passout "pass:$mch_id" -out file.p12
entry 'p12 without a certificate' p12 file.p12 'p12: holds no certificate' ''
openssl pkcs12 -export -nokeys -in cert.pem -passout "pass:$mch_id" -out file.p12
entry 'p12 without a key' p12 file.p12 'holds no private key' ''
openssl pkcs12 -export -inkey key.pem -in cert.pem -passout "pass:$mch_id" -keypbe AES-256-CBC -certpbe camellia-256-cbc -out file.p12
entry 'p12 with Camellia' p12 file.p12 'AES and 3DES' ''
openssl pkcs12 -export -legacy -inkey key.pem -in cert.pem -passout "pass:$mch_id" -certpbe PBE-SHA1-RC4-128 -out file.p12
entry 'p12 with RC4' p12 file.p12 'openssl pkcs12 -legacy -nodes -in old.p12 -out bundle.pem' ''

# What a damaged or hostile file may hold.
openssl pkcs8 -topk8 -in key.pem -passout "pass:$password" -scrypt -outform DER |
  LC_ALL=C perl -0777 -pe 's/\x02\x02\x40\x00\x02\x01\x08/\x02\x02\x00\x00\x02\x01\x08/ or die' > encrypted.der
key 'PBES2, scrypt without cost' encrypted.der 'AES and 3DES' "$password"
openssl pkcs8 -topk8 -in key.pem -passout "pass:$password" -v2 des3 -outform DER |
  LC_ALL=C perl -0777 -pe 's/(\x2a\x86\x48\x86\xf7\x0d\x03\x07)\x04\x08(.{8})/$1\x04\x00\x05\x06$2/s or die; s/\x04\x00\x05\x06(.{6})../\x04\x00\x05\x06$1/s' > encrypted.der
key 'PBES2, 3DES without IV' encrypted.der 'AES and 3DES' "$password"
openssl pkcs8 -topk8 -in key.pem -passout "pass:$password" -v1 PBE-MD5-DES -provider legacy -provider default -out encrypted.pem
key 'PBE-MD5-DES' encrypted.pem '-provider legacy -provider default' "$password"

# Other tools. NSS and BouncyCastle write BER: open ends, and texts in chunks.
openssl pkcs12 -export -inkey key.pem -in cert.pem -name mch -passout "pass:$mch_id" -out in.p12
nss() { # name, then options of pk12util
  name=$1; shift
  pk12util -o file.p12 -n mch -d sql:nss -K '' -W "$mch_id" "$@" >/dev/null
  entry "$name" p12 file.p12 '' ''
}
mkdir nss && certutil -N -d sql:nss --empty-password && pk12util -i in.p12 -d sql:nss -K '' -W "$mch_id" >/dev/null
nss 'p12 of NSS'
nss 'p12 of NSS, RC2-40 and 3DES' -C 'PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC' -c 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC'
java() { # name, then options of keytool
  name=$1; shift
  rm -f file.p12
  quiet keytool -importkeystore -srckeystore in.p12 -srcstoretype PKCS12 -srcstorepass "$mch_id" -noprompt \
    -destkeystore file.p12 -deststorepass "$mch_id" "$@"
  entry "$name" p12 file.p12 '' ''
}
java 'p12 of Java' -deststoretype PKCS12
java 'p12 of Java, RC2-40 and 3DES' -deststoretype PKCS12 -J-Dkeystore.pkcs12.legacy
bouncy_castle='-providerpath /usr/share/java/bcprov.jar -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider'
# shellcheck disable=SC2086
java 'p12 of BouncyCastle' -deststoretype PKCS12 -destprovidername BC $bouncy_castle
gnutls() { # name, password, then options of certtool
  name=$1; password_given=$2; shift 2
  quiet certtool --to-p12 --outder --load-privkey key.pem --load-certificate cert.pem --p12-name mch --outfile file.p12 "$@"
  entry "$name" p12 file.p12 '' "$password_given"
}
gnutls 'p12 of GnuTLS' '' --password "$mch_id"
gnutls 'p12 of GnuTLS, 3DES' '' --password "$mch_id" --pkcs-cipher 3des-pkcs12
gnutls 'p12 of GnuTLS, a password beyond 16 bits a character' '密码🔑' --password '密码🔑' --pkcs-cipher 3des-pkcs12
openssl pkcs12 -export -legacy -inkey key.pem -in cert.pem -passout 'pass:🔑key' -out file.p12
entry 'p12 of old, a password beyond 16 bits a character' p12 file.p12 '' '🔑key'
# No password at all is not the same as an empty one.
quiet certtool --to-p12 --outder --load-privkey key.pem --load-certificate cert.pem --p12-name mch --outfile null.p12 --null-password
openssl pkcs12 -export -inkey key.pem -in cert.pem -passout pass: -out empty.p12
[ -z "$comma" ] || echo ,
printf '    { "name": "p12 of GnuTLS without a password", "field": "p12", "refused": null, "password": "", "otherKeysSign": null,\n      "file": "%s" },\n' "$(base64 -w 0 null.p12)"
printf '    { "name": "p12 with an empty password", "field": "p12", "refused": null, "password": "", "otherKeysSign": null,\n      "file": "%s" }' "$(base64 -w 0 empty.p12)"

entry 'PEM as a p12' p12 key.pem 'is not a PKCS#12 file' ''
printf '\n  ]\n}\n'
