// One cold start, `node cold.cjs <contestant>`: loads the library, reads the key, and has the body of a signed request ready,
// which it prints, and below it when that was. KEY, SERIAL and TIMESTAMP say of what.
const fs = require('node:fs');

const { KEY, SERIAL: cert_serialno, ENGINE: engine } = process.env;
const timestamp = Number(process.env.TIMESTAMP);
const toSign = `cert_serialno=${cert_serialno}&timestamp=${timestamp}`;
const key = () => fs.readFileSync(KEY, 'utf8');
const body = (sign) => JSON.stringify({ auth_token: 'a', mch_id: '1900006511', cert_serialno, timestamp, sign });

function withNode() {
  const crypto = require('node:crypto');
  return body(crypto.sign('sha256', Buffer.from(toSign), crypto.createPrivateKey(key())).toString('base64'));
}

/** What cannot sign: loaded, as it is in whoever uses it for everything else, and Node signs. */
const beside = (name) => () => {
  require(name);
  return withNode();
};

const CONTESTANTS = {
  bare: () => '',
  ours: () => {
    const { openMerchant, operations } = require('wechat-realname');
    const merchant = openMerchant({ mchId: '1900006511', privateKey: key(), certSerialNo: cert_serialno, engine });
    return operations.getRealNameInfo({ authToken: 'a' }, { accessToken: 't', merchant, now: timestamp }).request.body;
  },
  'node:crypto': withNode,
  'node-forge': () => {
    const forge = require('node-forge');
    const signed = forge.pki.privateKeyFromPem(key()).sign(forge.md.sha256.create().update(toSign, 'utf8'));
    return body(forge.util.encode64(signed));
  },
  'node-rsa': () => {
    const loaded = require('node-rsa');
    const signer = new (loaded.default ?? loaded)(key(), 'pkcs8-private-pem', { signingScheme: 'pkcs1-sha256' });
    return body(signer.sign(Buffer.from(toSign), 'base64'));
  },
  jsencrypt: () => {
    const loaded = require('jsencrypt');
    const signer = new (loaded.JSEncrypt ?? loaded.default ?? loaded)();
    signer.setPrivateKey(key());
    return body(signer.sign(toSign, (text) => require('node:crypto').createHash('sha256').update(text).digest('hex'), 'sha256'));
  },
  'wx-server-sdk': beside('wx-server-sdk'),
  'co-wechat-api': beside('co-wechat-api'),
  'node-easywechat': beside('node-easywechat'),
};

const made = CONTESTANTS[process.argv[2]]();
// The clock counts from the same moment for all processes of a machine.
fs.writeSync(1, `${made}\n${process.hrtime.bigint()}`);
