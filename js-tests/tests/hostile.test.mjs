// Servers that do everything wrong, by accident or on purpose: each call ends in time, with the one right code, says nothing
// of what it sent, and leaves nothing behind. Through fetch and through node:http, with and without TLS.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import test, { describe } from 'node:test';

import { GOOD, PATIENCE_MS, cases, exchange } from './fixtures/hostile_cases.mjs';
import { listen, makeCertificates, relay } from './fixtures/hostile_server.mjs';
import { fixtures, folder } from './support.mjs';

/** Unmistakable, and in every reply. */
const SECRETS = {
  token: 'TOKEN-canary~7f3a.b2',
  name: '夏侯·金丝雀',
  number: '11010519491231002X',
  openid: 'oOPENID-canary-90de',
  code: 'CODE-canary-41fe',
};

/** How much later than its time limit a call may end, on a machine that has other things to do. */
const MARGIN_MS = 2000;

/** What a client's memory may grow by in MiB, for good and for a moment: the largest body is one MiB. */
const GROWTH = { rss: 48, heap: 3, external: 3 };
const PEAK = 160;

/** Another version of Node for the clients, by hand: HOSTILE_NODE=/path/to/node. */
const { HOSTILE_NODE = process.execPath } = process.env;

const operations = Object.keys(GOOD);

/** The servers of all cases for one client, and the calls that it is to make. */
async function serve(t, scheme, certificates) {
  const secure = scheme === 'https' ? certificates.good : undefined;
  const servers = [];
  const start = async (label, options) => {
    const server = await listen({ label, secure, ...options });
    t.after(server.close);
    servers.push(server);
    return server;
  };
  const stranger = await start('another host', { onRequest: (socket) => socket.end() });
  const elsewhere = `${scheme}://localhost:${stranger.port}`;

  /** How often each call arrived. */
  const arrived = new Map();
  const onRequest = (socket, request) => {
    const token = new URL(request.target, 'http://localhost').searchParams.get('access_token');
    const id = token.slice(SECRETS.token.length + 1);
    arrived.set(id, (arrived.get(id) ?? 0) + 1);
    const [index, operation, step] = id.split(':');
    socket.state.label = cases[index].name;
    cases[index].steps[step].does(exchange(socket, request, { operation, elsewhere }));
  };
  const common = await start('the common server', { onRequest });
  const portOf = async (one) => {
    if (!one.own) return common.port;
    if (one.relayed) {
      const behind = await start(one.name, { onRequest });
      return (await start(one.name, { onConnection: relay(behind.port, one.relayed) })).port;
    }
    const certificate = certificates[one.secure] ?? secure;
    return (await start(one.name, { secure: certificate, onConnection: one.meets, onRequest })).port;
  };

  const calls = [];
  const heavy = [];
  for (const [index, one] of cases.entries()) {
    if (one.only && one.only !== scheme) continue;
    for (const operation of operations) {
      const baseUrl = `${scheme}://localhost:${await portOf(one)}`;
      const call = ({ timeoutMs = PATIENCE_MS, pause }, step, run) => {
        const id = `${index}:${operation}:${step}:${run}`;
        return { id, baseUrl, accessToken: `${SECRETS.token}:${id}`, operation, timeoutMs, pause };
      };
      calls.push(one.steps.map((described, step) => call(described, step, 'once')));
      if (one.heavy && operation === 'checkRealNameInfo') {
        heavy.push({ name: one.name, times: one.heavy, call: call(one.steps[0], 0, 'again') });
      }
    }
  }
  return { calls, heavy, arrived, stranger, busy: () => servers.flatMap((server) => server.busy()) };
}

/** A client in a process of its own; `lines` are the objects that it prints. */
function start(job, certificates) {
  const words = ['--expose-gc', path.join(fixtures, 'hostile_client.mjs')];
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificates.ca };
  const child = spawn(HOSTILE_NODE, words, { env, stdio: 'pipe' });
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  const said = [];
  child.stderr.setEncoding('utf8').on('data', (text) => said.push(text));
  const lines = [];
  const done = new Promise((resolve) => {
    child.on('close', resolve);
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      lines.push(JSON.parse(line));
      if (lines.at(-1).done) resolve();
    });
  });
  child.stdin.write(`${JSON.stringify({ secrets: SECRETS, ...job })}\n`);
  return {
    lines,
    done,
    said,
    /** Lets it go, and waits until it goes of its own accord. */
    async leave() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 12_000);
      const how = await ended;
      clearTimeout(timer);
      return how;
    },
  };
}

/** Which secrets a text holds. The text itself is not for any output. */
function betrayed(text) {
  return Object.keys(SECRETS).filter((kind) => text.includes(SECRETS[kind]) || text.includes(encodeURIComponent(SECRETS[kind])));
}

/** How a call may end; more than one way only where versions of Node differ. */
const wanted = (expect, transport) => [expect[transport] ?? expect].flat();

/** How one case went. */
function judge(one, index, transport, reports, arrived) {
  for (const operation of operations) {
    for (const [step, { expect, why, sent, timeoutMs = PATIENCE_MS }] of one.steps.entries()) {
      const id = `${index}:${operation}:${step}:once`;
      const where = `${operation}, call ${step + 1}`;
      const report = reports.get(id);
      assert.ok(wanted(expect, transport).includes(report.ended), `${where}: it ended as ${report.ended} (${report.why})`);
      assert.deepEqual(report.leaks, [], where);
      assert.deepEqual(report.wrong, [], where);
      if (report.ended === 'ok') assert.deepEqual(report.outcome, GOOD[operation].outcome, where);
      if (why) assert.equal(report.why, why, where);
      assert.ok(report.ms < timeoutMs + MARGIN_MS, `${where}: it took ${report.ms} ms`);
      // Nothing is sent again behind the caller's back: a one-time code would be spent.
      const times = arrived.get(id) ?? 0;
      assert.ok(times <= (sent?.[transport] ?? 1), `${where}: it was sent ${times} times`);
    }
  }
}

// Two at a time: most of a client's time is spent waiting.
describe('hostile servers', { concurrency: 2 }, () => {
  for (const [transport, scheme] of ['http', 'https'].flatMap((scheme) => [['fetch', scheme], ['node', scheme]])) {
    test(transport === 'fetch' ? `through fetch over ${scheme}` : `through node:${scheme}`, async (t) => {
      const certificates = makeCertificates(folder(t));
      const { calls, heavy, arrived, stranger, busy } = await serve(t, scheme, certificates);
      const client = start({ transport, inFlight: 16, calls, heavy }, certificates);
      await client.done;
      const until = Date.now() + 2000;
      const lingering = cases.filter(({ lingers }) => lingers?.[transport] === scheme).map(({ name }) => name);
      const left = () => busy().filter((name) => !lingering.includes(name));
      while (left().length > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
      const connections = left();
      const how = await client.leave();
      const reports = new Map(client.lines.map((line) => [line.id, line]));

      for (const [index, one] of cases.entries()) {
        if (one.only && one.only !== scheme) continue;
        await t.test(one.name, () => judge(one, index, transport, reports, arrived));
      }
      for (const { heavy: name, endings, before, after, peak } of client.lines.filter((line) => line.heavy)) {
        await t.test(`memory after ${name}, again and again`, () => {
          const { expect } = cases.find((one) => one.name === name).steps[0];
          assert.deepEqual(endings, wanted(expect, transport));
          for (const [kind, most] of Object.entries(GROWTH)) {
            assert.ok(after[kind] - before[kind] <= most, `${kind} grew from ${before[kind]} to ${after[kind]} MiB`);
          }
          assert.ok(peak <= PEAK, `it took ${Math.round(peak)} MiB for a while`);
        });
      }
      await t.test('no redirect was followed', () => assert.equal(stranger.seen.connections, 0));
      await t.test('no connection is left but idle ones', () => assert.deepEqual(connections, []));
      await t.test('the process saw no rejection, exception or warning, and ended by itself', () => {
        assert.deepEqual([how, client.lines.at(-1)], [{ code: 0, signal: null }, { alarms: [] }]);
      });
      await t.test('nothing secret was printed, and nothing else', () => {
        assert.deepEqual(client.lines[0], { finds: true });
        assert.deepEqual(betrayed(client.said.join('\n')), []);
        assert.equal(client.said.length, client.lines.length, 'it wrote to stderr');
      });
    });
  }
});
