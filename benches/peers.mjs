// What a user would pick instead for the crypto of `getRealNameInfo`: each with the lines that its own documentation has for
// it, its key read once, and iconv-lite for the name. Their answers are checked before anything is measured.
import crypto from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What nobody but the library under test knows by itself. */
const toSign = ({ serial, timestamp }) => `cert_serialno=${serial}&timestamp=${timestamp}`;

/** The name's bytes as text. `gb18030` has all of GBK, and the names of four bytes a letter. */
const named = (bytes) => require('iconv-lite').decode(Buffer.from(bytes), 'gb18030');

const opener = (decrypt) => ({ encryted_real_name, encryted_credential_id }) => ({
  realName: named(decrypt(Buffer.from(encryted_real_name, 'base64'))),
  credentialId: Buffer.from(decrypt(Buffer.from(encryted_credential_id, 'base64'))).toString('latin1'),
});

/** node-rsa says at every instance that the option is deprecated. */
function quietly(work) {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return work();
  } finally {
    console.warn = warn;
  }
}

function nodeRsa(options) {
  return (vector) => {
    const loaded = require('node-rsa');
    const NodeRSA = loaded.default ?? loaded;
    const key = new NodeRSA();
    quietly(() => key.setOptions({ encryptionScheme: 'pkcs1', signingScheme: 'pkcs1-sha256', ...options }));
    key.importKey(vector.pkcs8, 'pkcs8-private-pem');
    return { sign: () => key.sign(Buffer.from(toSign(vector)), 'base64'), open: opener((bytes) => key.decrypt(bytes)) };
  };
}

function jsencrypt(vector) {
  const loaded = require('jsencrypt');
  const key = new (loaded.JSEncrypt ?? loaded.default ?? loaded)();
  key.setPrivateKey(vector.pkcs8);
  // It brings no hash.
  const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
  return { key, sign: () => key.sign(toSign(vector), sha256, 'sha256') };
}

/** Contestant → vector → `{ sign(), open(person) }`. */
export const PEERS = {
  'node:crypto': (vector) => {
    const key = crypto.createPrivateKey(vector.pkcs8);
    const padding = crypto.constants.RSA_PKCS1_PADDING;
    return {
      sign: () => crypto.sign('sha256', Buffer.from(toSign(vector)), key).toString('base64'),
      open: opener((bytes) => crypto.privateDecrypt({ key, padding }, bytes)),
    };
  },
  'node-forge': (vector) => {
    const forge = require('node-forge');
    const key = forge.pki.privateKeyFromPem(vector.pkcs8);
    return {
      sign: () => forge.util.encode64(key.sign(forge.md.sha256.create().update(toSign(vector), 'utf8'))),
      open: opener((bytes) => Buffer.from(key.decrypt(bytes.toString('binary'), 'RSAES-PKCS1-V1_5'), 'binary')),
    };
  },
  // Inside Node it signs with OpenSSL and decrypts with its own JavaScript.
  'node-rsa': nodeRsa({}),
  // All of it in its own JavaScript, as it is where Node's crypto is not: with the arithmetic of its Node build, and with BigInt.
  'node-rsa-js': nodeRsa({ environment: 'browser' }),
  'node-rsa-bigint': nodeRsa({ environment: 'browser', bigIntImpl: 'native' }),
  jsencrypt: (vector) => {
    const { key, sign } = jsencrypt(vector);
    // It takes what it decrypted for UTF-8.
    const open = ({ encryted_real_name, encryted_credential_id }) => ({
      realName: named(Buffer.from(key.decrypt(encryted_real_name), 'binary')),
      credentialId: key.decrypt(encryted_credential_id),
    });
    return { sign, open };
  },
  // What somebody does who needs the bytes: its private operation alone, and the padding removed by hand.
  'jsencrypt-bytes': (vector) => {
    const { key, sign } = jsencrypt(vector);
    const BigInteger = key.getKey().n.constructor;
    const decrypt = (bytes) => {
      const hex = key.getKey().doPrivate(new BigInteger(bytes.toString('hex'), 16)).toString(16);
      // 02, padding, 00, message; the first zero was lost on the way.
      const padded = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
      return padded.subarray(padded.indexOf(0) + 1);
    };
    return { sign, open: opener(decrypt) };
  },
};

/** Those whose whole work is JavaScript. */
export const IN_JAVASCRIPT = ['node-forge', 'node-rsa-js', 'node-rsa-bigint', 'jsencrypt', 'jsencrypt-bytes'];
