import { Collected } from './body';
import { hasAnswer, tooLarge, type Send } from './send';

/** Through node:http and node:https, for Node 16, which has no `fetch`. */
export const sendWithNode: Send = ({ method, url, headers: ours, body }, signal) =>
  new Promise((resolve, reject) => {
    // By the first message: loading them takes a third of the time that loading the package takes.
    const { request }: typeof import('node:http') = url.startsWith('https:') ? require('node:https') : require('node:http');
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const length = bytes && { 'content-length': String(bytes.length) };
    const sending = request(url, { method, headers: { ...ours, ...length } }, (response) => {
      const { statusCode: status = 0, headers } = response;
      const { date } = headers;
      if (!hasAnswer(status)) {
        resolve({ status, body: new Uint8Array(0), date });
        response.destroy();
        return;
      }
      const collected = new Collected();
      response.on('data', (chunk: Buffer) => {
        if (collected.takes(chunk)) return;
        reject(tooLarge());
        response.destroy();
      });
      response.on('error', reject);
      response.on('aborted', () => reject(Object.assign(new Error(), { code: 'ECONNRESET' })));
      response.on('end', () => resolve({ status, body: collected.whole(), date }));
    });
    sending.on('error', reject);
    // By hand: Node 16 takes a `signal` and leaves the connection open all the same.
    const stop = () => sending.destroy();
    signal.addEventListener('abort', stop);
    sending.on('close', () => signal.removeEventListener('abort', stop));
    // Nobody asked for another protocol; without a listener the connection would just stay open.
    sending.on('upgrade', (_, socket) => {
      reject(Object.assign(new Error(), { code: 'EPROTO' }));
      socket.destroy();
    });
    sending.end(bytes);
  });
