// The sandbox's test data, for a first look. The merchant, its key and the platform's secrets are the sandbox's: everybody has
// them, and they protect nothing. The people and companies are made up; the ID number is the example of the standard GB 11643.
//
// How they were made: key and certificate are copies of src/sandbox/*.pem. The ciphertexts of the reply come from openssl:
//   printf '%s' 张三 | iconv -f utf-8 -t gbk | openssl pkeyutl -encrypt -certin -inkey src/sandbox/merchant_certificate.pem | base64
//   printf '%s' 11010519491231002X | openssl pkeyutl -encrypt -certin -inkey src/sandbox/merchant_certificate.pem | base64
// and that of the hospital's reply:
//   openssl enc -aes-256-ecb -K "$(printf '%s' SandboxMedicalKeyEverybodyHas012 | od -An -v -tx1 | tr -d ' \n')" | base64
// and the pushes from the sandbox: addTrial(…), then makePush({ kind: 'beta', appId, status }) with the statuses 0 and 89251.

export const merchant = {
  mchId: '1900000109',
  privateKey: `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDcFyVCxc7VOA16
Sx/MV3oasEyYk53VE+UAu2HafqF0TgvzYphJbyrXCg+DGaLJL75Vy8yHd/VxDZsx
9unAlDoRArH4WnVu1ejFc9IkDYEG3F9gY15LDz5+qZ+poFyXKOqds8CPnae8/EVS
ufS1x7ko6fSFr6fEAxaNiWBz/6hPme9SgYOUmlwxlXo04yS6YKMmH2U0592UtEuu
V8XyY1Qb6aVnFT3tp9j/HDRwzW6uz0KGyTkpn7ls/FcXJxL4tJXfXtADZbn2SSP0
gSWEWUPkk5ehgDiC7wEY03uaIQtmDFZRWFlki/igt7faDLEC5FuRRU2JpnlrlLN+
TPYXASkTAgMBAAECggEAIePQgYErEasBbEjgGxuHOk/WY5IrdhGLrDquXTItk1an
QXF3qKsdCiLK87GBXwBiixyIIH4IxcFGGgH+yYApls/27pqjRY9buffVLmcD7LYH
W7TBYsZ0pZVh+AEw8LfEtMbmilbI6vFfjVcEBu+7o8Cuvd0n9KdTFDVIrGP8G1F7
/lNOh7YjBeHZ2MKywMkNATgivvleuC2PzchuUksdoj5iUGUMux+Nd6NjdaTEcgzd
kdvS/6+3OVpd6evVwGBS2gvvmPjiWtKuvAHRz3FRHsg90MSxl7CRcFEb2B92PXdq
DV676Brh1j6DpLuQAVi9L0R8wmiEcbRHH2upkKJ2AQKBgQD+8ay1PhzQ7S5PQVYa
TSrBWlO7hQ0OJzV8o9URZNHmaAwy6SHfmW3UWAVw28Mks3JReytTxagFbSPEhqUI
7m5jQn7vEZr6ZR++Ne8BMvDD/R0mK7TmJBwIsvncQfohjevrUBbhi6J5GiWZ7QML
10XBAJJpQDqqvPwlP+8m4jcqAQKBgQDdAIO1Y1kCIMBrOxMVk4IeKi+WewxsyJJU
beiePHsyBzkzj1TD6QpGBVjRyZJCMtWwjfWsLEeWv5y5EMy7BsjCquiJxSUc9CIx
Bm/MYuIpkyFyFNaDNN/NnipjwxHjD2Y63LS+1+pZdTxQGOs8WkPPsrZ3yn+i1zeK
YfaJgBsLEwKBgDkwIyrA1Rv0qFe080iRGM8ooPHGhcgv+WqNIaV2NTN3EY12CFgt
BZsFZ6sKUPrxmeo3M9/lzavx8H0MKwcW3QI9D1Y3X8ldV8KGPKfLMoD0TU6brUeW
wAcfhrbmweI3AL3XSFqtxPNfbyHZLb7BOm9x3mXnt4FHRVRhxBa31eIBAoGBANd5
mvENzkjO2g0y6eaNjb4Pb5qOmoyt+k4rYzR0z8D1XgYxZ3okCwo+SF0y5VF58vNT
VgbqnVoTtKCUCqkHclKrBFLfTtIuDfAy0Go8tznF5EQwoP4IXXVDEx11okj6SLh3
XBr+tdVHAuktgp2zfI5TNqkRXOTOZa6c2R0zNCrVAoGAKtDVen5FJnqpm6FOBHRi
c45OpLjF/wjSD1ZJ93AcsMzC5AhK0+9TV5Xctc8PYecMfNzoP5MXpBr45at/M3Fw
K7958WfPC7Hg39C5lQI1CeJ0/PpjRG/0aOZ1BhWbp9sygnd9ueoqilr34JNhF4tL
UfBcldxqTvwdXa7KIPjWHmk=
-----END PRIVATE KEY-----
`,
  certificate: `-----BEGIN CERTIFICATE-----
MIIDsTCCApmgAwIBAgIUWrfB4gk/SNahW3w+kNJPaBinvDUwDQYJKoZIhvcNAQEL
BQAwdDELMAkGA1UEBhMCQ04xGzAZBgNVBAoMEuW+ruS/oeWVhuaIt+ezu+e7nzEg
MB4GA1UECwwXd2VjaGF0LXJlYWxuYW1lIHNhbmRib3gxETAPBgNVBAcMCFNoZW56
aGVuMRMwEQYDVQQDDAoxOTAwMDAwMTA5MCAXDTI2MTEyMDExMTcyOFoYDzIxMjYx
MDI3MTExNzI4WjB0MQswCQYDVQQGEwJDTjEbMBkGA1UECgwS5b6u5L+h5ZWG5oi3
57O757ufMSAwHgYDVQQLDBd3ZWNoYXQtcmVhbG5hbWUgc2FuZGJveDERMA8GA1UE
BwwIU2hlbnpoZW4xEzARBgNVBAMMCjE5MDAwMDAxMDkwggEiMA0GCSqGSIb3DQEB
AQUAA4IBDwAwggEKAoIBAQDcFyVCxc7VOA16Sx/MV3oasEyYk53VE+UAu2HafqF0
TgvzYphJbyrXCg+DGaLJL75Vy8yHd/VxDZsx9unAlDoRArH4WnVu1ejFc9IkDYEG
3F9gY15LDz5+qZ+poFyXKOqds8CPnae8/EVSufS1x7ko6fSFr6fEAxaNiWBz/6hP
me9SgYOUmlwxlXo04yS6YKMmH2U0592UtEuuV8XyY1Qb6aVnFT3tp9j/HDRwzW6u
z0KGyTkpn7ls/FcXJxL4tJXfXtADZbn2SSP0gSWEWUPkk5ehgDiC7wEY03uaIQtm
DFZRWFlki/igt7faDLEC5FuRRU2JpnlrlLN+TPYXASkTAgMBAAGjOTA3MAkGA1Ud
EwQCMAAwCwYDVR0PBAQDAgWgMB0GA1UdDgQWBBQk4KQ3NAbWLzINXduIWAs7aWNC
6zANBgkqhkiG9w0BAQsFAAOCAQEADAEhmz3Nv8tslocAJrIW2Lw4LsTcvH+TrBwf
SIDC2HJTejKB8L3iNhiE+0jv0U/oBs3QKt9WE9UKZzOT5wu/PxyALI2w//Fcsyt7
SwNA+/hcvzxgmyH7/Nn4DutQiC6zF0ExEaDO0dpbMAk8VlUGxQsnWArpRogpTjDq
o5JyQm50o95MhOemBzUKlYQkWm4Y6uICpqc+w/J6oJWWQi6zME9czWsUO3ucBUZM
9OD5P2TTPjHbSE/UTs6eagck36tU7EIsENSoVwsYxDtqtppGPsgSW6FDvKfNfX2Q
5eS0iHU4hjWyRCkrEojDjGLD6fsPtB6A+Vn5pN8jIjf+xPPmvw==
-----END CERTIFICATE-----
`,
};

export const person = { realName: '张三', credentialId: '11010519491231002X' };

export const reply = {
  encryted_real_name:
    'Vhqyp5OWPoq03JSny+Z7kfQZqdeMzq6Saglbh5O/N+g4qdLekmj1R3yCahyca52YuIfwKVVHcYKf6pckONS2dZXFUTL6G3EDbIjAKnyPJ87fenmLHOBkcZvcPYx2RKl82VjqrGNhIdnqJL3M379KoDiT2vKO+hqT85YIKJGw0AMcH5uvqvR+fAYD5rt/YbyPrXp4f+k4aNH305YF4edGe+ysJsPM1KsrjI7oVSYBV/F7RjUTlQN2DoZz7ffG2AauCtYcgmMYeh7zKzP8M7ZBOeJpZujLQYoR816g/YlOQoyFM1lmtTyNdw6fNYJqeudOumntVr7opaXPNiXAeRdfvA==',
  encryted_credential_id:
    'vjsInYCYur/STIPia6JX9ykY/DsWQwttqZ0Wc+Y3usLemgmqPdmuLx6pF6Wjj2KO/qGygxQZO4NamKxUkq8fzyK7i5W/J+q+SoimTuBQahhj1WOZ6ov/Rd7l2oxQfYrw2GZPsIBZDL4uFSFoqEQ+eRg4FPvfPFHOf1Nfdnxz3trvMUr22jEcxivlg49wJJgQtteDf75zndkHsEqa4tublH2VQq9RhT8HvMtYiEFMt/9UPGii250Ex6RZiXRvQurPlfClhcvjK76wxZz9F9X5NH3luNsgPfeE6a/NC2m4PAFJQnRe3f0ipxVQoSMYbfOrrv50dnGB2b+m93lsYthhwg==',
};

export const platform = {
  appId: 'wx5a9db0f5c0ffee02',
  token: 'SandboxPushToken',
  encodingAesKey: 'SandboxEncodingAesKeyWhichEverybodyHas01237',
};

/** The mini program was turned into a full one. */
export const succeeded = {
  url: 'https://platform.example/wechat/events?signature=a9c37141cee78f73bafdc7a3604642e425dc5c07&timestamp=1795290724&nonce=4095825129&encrypt_type=aes&msg_signature=64ebf12ecbc4ac8a04f1ac4de46f865e10b80c9f',
  body: `<xml>
<AppId><![CDATA[wx5a9db0f5c0ffee02]]></AppId>
<Encrypt><![CDATA[hm8QE4D4sd+tdd4dbOQ5WFxfVIaY4jbdVNObXv4buPNjnWtvWU6t23vn7y1Txh8Rdq31n7bjO/5DidpN4SbBL6nzOhWi6wOgWz/4+8xu4+POfg7wVCtfmTIAX60jdyb2Vl8huUhBUFTT1PfmrD5P8PJGJ5UrgPX1VJ0VYcEKm139WsjJvc1ODmucICSBr3nTKWpjQ4HTZ+aivoMmQc9qaWWnJLmCVK6U3UVdhYYK0661zz7MJrAwNs3kEb4IgwE4VIH4cLO6Lu43ZoMEEiksoGcZyB99y/LFlAu2A16DCudN5Xjizz+VbmNqQsx0CNnCaMoi5FW36Yjc9fs4RKF/bT8SVKAULdHE2LF07RWc31mYsq0XQwCtNfbbzbmoJYQNHb3d+wQEiYFMZ42S0vfdVjmSoWN/yyRF8NLOTYnGUiHFnC+VNpv9yEfHbzMKX/k1sgnxLTSsn4h9w6NE0TtzPmMUWRlSCgJO5WoWfROupRNjeV9y8waSed6DD9jjt1TYkUdHZ9OqR9PrZZz66/OkrP2uzO8ULoNXohlavjJcDAS1aayGpjpSVwY8EuYb6ovFFCEBPSZgaKiu3lpr0x3xUt04qhEtrQ1vOe9QmZtjztN8kD1igCZB/4gVf+2BYHED+kJEQnx+isWx4GUFWcXMAYnocpbWbdB1sqvXQI8aoLNUmXR3oE+3KgzsCXnBhVspNeBAYWbhBn9HVwzNrLm/WACi07R/EQJY89XZwDYRU/DonZH7Eb6BhU2uVMnHXvPbKM3uaMprYpJAM4GBVZKqcc7GvdLNhHjM3B66EmTym0E=]]></Encrypt>
</xml>`,
};

/** WeChat waits for the legal person. */
export const waiting = {
  url: 'https://platform.example/wechat/events?signature=fd275b7c5dbdde02fa8fdc39683f9c2e1deb0bdf&timestamp=1795290724&nonce=3585694042&encrypt_type=aes&msg_signature=2578943c73ab6dcb49747483ee7451a3c528a204',
  body: `<xml>
<AppId><![CDATA[wx5a9db0f5c0ffee02]]></AppId>
<Encrypt><![CDATA[jqCM9f+fRMgnx4nH0L85cVaDnH0Vg8dPLPR8f5iSz0B00lIisUdduXOF5srnsKl8gVu0p6373nXJY2GMmhO+fFTP1PUsYeDPXQyNE6HH5U+Yzhra+SFcX+lc+hJvZ1LD7za4k+nr7KygUm1BsdlmO7nCjAZxVmgwiwWswu4rUN3at2YKs5A4QXqePlFzo2LCAJmxNXWr0GOA+NiDgQZClQd+pTTV/y6unIXhQlGLC38FN08J/ovevC8cNXwl6nCK78um5hE4TxZdpptPK0pxK+Ul8FaZH3rb6RPKtD6QqCOpDMO2xqemFpwS5qdA9rSUxem6upMhrSlnbFOS4ZvqNKyixQ05z9nWDUBE+lCb+Vlx4gLJhW2vF/TLu7Uy69YUK0uMWoRK+rsOzRLCOneALDMuk2kDj/DaNvM384vqOxcof6HnyexuFCEXLIC/PQmtxKGXQnQOHgtNSZSHWsOFEVvTR5EfIYsVAo5uXxPaNY4tMiUoWamD17a2RzHRmW4T+oHiexcaLSxgoBNPLYJe3P/dYbmoik2fmOsEYIG/yyCW7ammAEO43DvzTHuNkmQF2DvlSrbI4Wrw4/DYV2qxTAzTJNNNqRlR5/j9GRLF2ko/MxHEdnKixCzCfg0mPb+KJV4lwLh/f9lQypztLzX2/y7e5S6K+1OOG5z+TC5cen4pvkfcAsolRlUftdpLl2gxQ/u6hnwMH0dPKbo3CnZHjt4CxYYyaTx3gU9W9IXxHY4fecqBSboKUsJMZLqPB+m/MvhvWvhtPqvAxyaI+KQVvclAeslRl2uIh40L5iMrgjA+FZFWol+4lUkVT+97NlEK3RaOuUzVB5m2or+WJAwoVA==]]></Encrypt>
</xml>`,
};

export const idCard = '11010519491231002X';
export const medical = {
  key: 'SandboxMedicalKeyEverybodyHas012',
  reply: {
    errcode: 0,
    errmsg: 'ok',
    cipher_real_name:
      'cOdjqVcspociFjjOnY3L0lWIzfE0HDqZjpUf29xTlud5dP++SFgUQiNScFwWz3IDkYDvWK5xP8lQ0UZR5vC3KfMieAZzfr3Ex01DTC5aL1QC2f//ErITGxjsHIBdhwqq+/wh2JR0buplASj+W3s4R6C0+Hvh/N8hg7RRgB0kU3KufGG6AcXxsRbR7SdsXlo71D2pBEEiUgcysCESjon4pw==',
    cipher_algorithm: 'AES_256_ECB_PKCS7Padding',
    key_version: 0,
    app_id: 'wx5a9db0f5c0ffee01',
    open_id: 'oSandboxOpenid',
  },
  /** What it opens into. */
  patient: {
    realName: '张三',
    idCardNo: '11010519491231002X',
    idCardType: 1,
    phone: '13800000138',
    phoneCountryCode: '86',
    timestamp: 1795290724,
  },
};

/** The example of WeChat's document of queryVerifyInfo. */
export const certHash = {
  certName: '张三',
  certNo: '310101199801011234',
  certHash: '3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b',
};

/** The example of the standard GB 32100. */
export const creditCode = '91350100M000100Y43';
