// Yours: whose request it is. Here a signed token says so, which the mini program got when it logged in.
import { createHmac, timingSafeEqual } from 'node:crypto';

const { SESSION_SECRET: secret } = process.env;
if (!secret) throw new Error('SESSION_SECRET is missing: any long random text');

const WEEK = 7 * 24 * 60 * 60;
const now = () => Math.floor(Date.now() / 1000);
const signatureOf = (text) => createHmac('sha256', secret).update(text).digest('base64url');

/** The token to answer a login with. `openid` is what code2Session gave for the code of wx.login. */
export function sessionFor(openid) {
  const text = `${openid}.${now() + WEEK}`;
  return `${text}.${signatureOf(text)}`;
}

/** The openid of a request's session; undefined where there is none. */
export function openidOf({ authorization = '' }) {
  const [, openid, end, signature] = authorization.match(/^Bearer ([\w-]+)\.(\d+)\.([\w-]{43})$/) ?? [];
  if (!openid || Number(end) < now()) return undefined;
  return timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(`${openid}.${end}`))) ? openid : undefined;
}
