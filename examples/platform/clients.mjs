// Yours: who your clients are, how one signs in, and where things are kept.
import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Keyv from 'keyv';

/** In memory here, and gone with the process. A platform keeps it in a database: the README of wechat-realname has one. */
export const store = new Keyv();

/** By app id: `password`, and as `company` what verifyBetaMiniprogram takes. */
const clients = JSON.parse(readFileSync(process.env.CLIENTS_FILE ?? 'clients.json', 'utf8'));

export const companyOf = (appId) => clients[appId]?.company;

export const clientWithCode = (code) => Object.keys(clients).find((appId) => companyOf(appId).code === code);

/** The client who asks, by HTTP's Basic authentication: the app id and the password. */
export function clientOf({ authorization = '' }) {
  const [, credentials = ''] = authorization.match(/^Basic (.+)$/i) ?? [];
  const [appId, password = ''] = Buffer.from(credentials, 'base64').toString().split(/:(.*)/s);
  if (!Object.hasOwn(clients, appId)) return undefined;
  const [given, right] = [Buffer.from(password), Buffer.from(clients[appId].password)];
  return given.length === right.length && timingSafeEqual(given, right) ? appId : undefined;
}
