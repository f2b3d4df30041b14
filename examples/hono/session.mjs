// Yours: what a login is answered with. Here a token (JWT), which app.mjs checks.
import { sign } from 'hono/jwt';

const WEEK = 7 * 24 * 60 * 60;

/** `openid` is what code2Session gave for the code of wx.login. */
export const sessionFor = (openid, secret = process.env.SESSION_SECRET) =>
  sign({ sub: openid, exp: Math.floor(Date.now() / 1000) + WEEK }, secret, 'HS256');
