// createPushHandler behind real servers, receiving the sandbox's pushes. No event is lost, and none is acted upon twice.
import assert from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import test from 'node:test';

import express from 'express';
import Keyv from 'keyv';
import Koa from 'koa';
import { createPlatform, createPushHandler, openPushChannel, replayIn } from 'wechat-realname';
import { startSandbox } from 'wechat-realname/sandbox';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A sandbox with a trial mini program, and what a handler of its pushes needs; `events` and `errors` are what it told. */
async function receiver(t, options = {}) {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { componentAppId, componentAppSecret, token, encodingAesKey } = sandbox.platform;
  const channel = openPushChannel({ token, encodingAesKey, appId: componentAppId });
  const { appId } = sandbox.addTrial();
  const events = [];
  const errors = [];
  const handlerOptions = {
    channel,
    onEvent: (event) => void events.push(event),
    onError: (error, event) => errors.push({ error, event }),
    ...options,
  };
  const platform = (store) => createPlatform({ componentAppId, componentAppSecret, baseUrl: sandbox.baseUrl, store });
  return { sandbox, appId, channel, events, errors, handlerOptions, platform, handler: createPushHandler(handlerOptions) };
}

/** Listens until the end of the test, and gives the address. */
async function listen(t, listener) {
  const server = http.createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${server.address().port}/push`;
}

/** The Web's request of a push that is data. */
function requestOf({ query, body }, method = 'POST') {
  return new Request(`https://platform.example/push?${new URLSearchParams(query)}`, { method, body });
}

/** What CloudBase makes of an HTTP request, and of the function's answer. */
const cloudbase = (handler, isBase64Encoded) => async (incoming, outgoing) => {
  const { pathname, searchParams } = new URL(incoming.url, 'http://localhost');
  const body = await text(incoming);
  const answer = await handler.cloudbase({
    path: pathname,
    httpMethod: incoming.method,
    headers: { 'Content-Type': incoming.headers['content-type'], 'X-Client-Proto': 'https' },
    queryStringParameters: Object.fromEntries(searchParams),
    requestContext: {},
    body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded,
  });
  assert.equal(answer.isBase64Encoded, false);
  outgoing.writeHead(answer.statusCode, answer.headers).end(answer.body);
};

const behindExpress = (handler, ...before) => express().use(...before).post('/push', handler.node);
const through = (request, response, next) => next();

const servers = {
  'http.createServer': (handler) => handler.node,
  Express: (handler) => express().all('/push', handler.node),
  'Express with express.raw': (handler) => behindExpress(handler, express.raw({ type: '*/*', limit: '4mb' })),
  'Express with express.text': (handler) => behindExpress(handler, express.text({ type: '*/*', limit: '4mb' })),
  'Express with parsers for other types': (handler) => behindExpress(handler, express.json(), express.urlencoded()),
  Koa: (handler) =>
    new Koa()
      .use(async (ctx) => {
        ctx.respond = false;
        await handler.node(ctx.req, ctx.res);
      })
      .callback(),
  'a CloudBase HTTP function': (handler) => cloudbase(handler, false),
  'a CloudBase HTTP function with a body in base64': (handler) => cloudbase(handler, true),
  'Request and Response': (handler) => async (incoming, outgoing) => {
    const init = { method: incoming.method, headers: incoming.headers, duplex: 'half' };
    if (incoming.method === 'POST') init.body = Readable.toWeb(incoming);
    const response = await handler(new Request(`http://localhost${incoming.url}`, init));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  },
};

for (const [name, listener] of Object.entries(servers)) {
  test(`${name} receives the sandbox's pushes`, async (t) => {
    const { sandbox, appId, events, errors, handler } = await receiver(t);
    const url = await listen(t, listener(handler));
    sandbox.pushTo(url);
    for (const kind of ['ticket', 'beta', 'authorized', 'updateauthorized', 'unauthorized', 'unknown']) {
      const { status, body } = await sandbox.push({ kind, ...(kind !== 'ticket' && { appId }) });
      assert.deepEqual([kind, status, body], [kind, 200, 'success']);
    }
    assert.equal(events.length, 6);
    assert.equal(events[1].appId, appId);

    // What is refused is refused in one way, so that a forger learns nothing.
    const answers = new Set();
    for (const order of [
      ...['signature', 'ciphertext', 'key', 'app_id', 'padding', 'old'].map((fault) => ({ kind: 'beta', appId, fault })),
      { kind: 'malformed' },
      { xml: '<xml><MsgType>text</MsgType></xml>' },
      { xml: 'x'.repeat(1_600_000) },
    ]) {
      const { status, body } = await sandbox.push(order);
      answers.add(JSON.stringify([status, body]));
    }
    for (const [query, body] of [['', ''], ['?msg_signature=x', '<xml/>'], ['?timestamp=1&timestamp=2', 'x']]) {
      const response = await fetch(`${url}${query}`, { method: 'POST', body });
      answers.add(JSON.stringify([response.status, await response.text()]));
    }
    assert.deepEqual([...answers], ['[403,""]']);
    assert.equal(events.length, 6);
    for (const { error } of errors) assert.match(error.code, /^(INVALID_SIGNATURE|MALFORMED_PUSH|REPLAYED)$/);

    if (!name.includes('with')) assert.equal((await fetch(url)).status, 405);

    // The very same bytes again.
    const push = sandbox.makePush({ kind: 'beta', appId, status: 100001 });
    for (let times = 0; times < 3; times++) {
      const response = await fetch(`${url}?${new URLSearchParams(push.query)}`, { method: 'POST', body: push.body });
      assert.deepEqual([response.status, await response.text()], [200, 'success']);
    }
    assert.equal(events.length, 7);
  });
}

test('what fails is sent again by WeChat, and acted upon then', async (t) => {
  let failures = 2;
  const acted = [];
  const { sandbox, appId, handler, errors } = await receiver(t, {
    onEvent: async (event) => {
      if (failures-- > 0) throw new Error(`cannot act on ${event.info.legalPersonaName}`);
      acted.push(event.eventKey);
    },
  });
  sandbox.pushTo(await listen(t, handler.node));
  assert.equal((await sandbox.push({ kind: 'beta', appId, retries: 2 })).body, 'success');
  assert.deepEqual(sandbox.pushes.map(({ answered }) => answered.status), [500, 500, 200]);
  assert.equal(acted.length, 1);
  assert.deepEqual(errors.map(({ error, event }) => [error.constructor, event.eventKey]), [[Error, acted[0]], [Error, acted[0]]]);
  // What onEvent throws at once is no different.
  const throwing = createPushHandler({
    channel: openPushChannel({ ...sandbox.platform, appId: sandbox.platform.componentAppId }),
    onEvent: () => { throw new Error('at once'); },
    onError: () => { throw new Error('and watching fails too'); },
  });
  assert.equal((await throwing(requestOf(sandbox.makePush({ kind: 'beta', appId })))).status, 500);
});

test('many deliveries of one event at once: acted upon once, and one answer for all', async (t) => {
  for (const fails of [false, true]) {
    let calls = 0;
    const { sandbox, handler } = await receiver(t, {
      onEvent: async () => {
        calls += 1;
        await wait(50);
        if (fails && calls === 1) throw new Error('the first time');
      },
    });
    // The same event, encrypted anew each time, and each of these twice.
    const xml = `<xml><AppId>a</AppId><CreateTime>${sandbox.clock.now()}</CreateTime><InfoType>new</InfoType></xml>`;
    const pushes = Array.from({ length: 10 }, () => sandbox.makePush({ xml }));
    const answers = await Promise.all([...pushes, ...pushes].map((push) => handler(requestOf(push))));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [fails ? 500 : 200]);
    assert.equal(calls, 1);
    assert.equal((await handler(requestOf(pushes[0]))).status, 200);
    assert.equal(calls, fails ? 2 : 1);
  }
});

test('several processes share what was acted upon', async (t) => {
  const stores = { Keyv: new Keyv(), Map: new Map() };
  for (const [name, store] of Object.entries(stores)) {
    const acted = [];
    let failing = false;
    const replay = replayIn(store);
    const { sandbox, appId, handlerOptions } = await receiver(t);
    const processes = Array.from({ length: 3 }, (_, number) =>
      createPushHandler({
        ...handlerOptions,
        replay,
        onEvent: async ({ eventKey }) => {
          acted.push([number, eventKey]);
          await wait(300);
          if (failing) throw new Error('fails');
        },
      }),
    );
    const push = sandbox.makePush({ kind: 'beta', appId });
    const first = processes[0](requestOf(push));
    await wait(50);
    const others = processes.slice(1).map((handler) => handler(requestOf(push)));
    for (const answer of await Promise.all([first, ...others])) assert.equal(answer.status, 200, name);
    assert.equal(acted.length, 1, name);

    // The first fails while the second waits for it: then the second acts.
    failing = true;
    const next = sandbox.makePush({ kind: 'beta', appId, status: 101 });
    const failed = processes[0](requestOf(next));
    await wait(50);
    const second = processes[1](requestOf(next));
    assert.equal((await failed).status, 500, name);
    failing = false;
    assert.equal((await second).status, 200, name);
    assert.deepEqual(acted.slice(1).map(([number]) => number), [0, 1], name);
  }
});

test('a replay store that fails loses no event and runs none twice', async (t) => {
  /** Claims in memory that fail as `broken` says: [method, part of the key]. */
  const failing = (broken, withHas) => {
    const keys = new Map();
    const check = (method, key) => {
      if (broken.some(([name, part]) => name === method && key.includes(part))) throw new Error(`${method} fails`);
    };
    return {
      keys,
      async claim(key, seconds) {
        check('claim', key);
        if ((keys.get(key) ?? 0) > Date.now()) return false;
        keys.set(key, Date.now() + seconds * 1000);
        return true;
      },
      async release(key) {
        check('release', key);
        keys.delete(key);
      },
      ...(withHas && { has: async (key) => { check('has', key); return (keys.get(key) ?? 0) > Date.now(); } }),
    };
  };
  for (const [broken, first] of [
    // The lease cannot be given back: it is done all the same.
    [[['release', ':acting']], 200],
    // Nor can it be remembered in the store: this process knows.
    [[['release', '']], 200],
    // It cannot even be claimed: WeChat comes again.
    [[['claim', '']], 500],
    [[['has', '']], 500],
  ]) {
    const replay = failing(broken, true);
    const { sandbox, appId, handler, events, errors } = await receiver(t, { replay });
    const push = sandbox.makePush({ kind: 'beta', appId });
    assert.equal((await handler(requestOf(push))).status, first, JSON.stringify(broken));
    assert.equal(errors.length > 0, true);
    broken.length = 0;
    replay.keys.clear();
    assert.equal((await handler(requestOf(push))).status, 200);
    assert.equal(events.length, 1, JSON.stringify(broken));
  }
  // Without `has`, a question that cannot be taken back is no answer to the next one.
  const broken = [['release', '']];
  const replay = failing(broken, false);
  const { sandbox, appId, handler, events, handlerOptions } = await receiver(t, { replay });
  const push = sandbox.makePush({ kind: 'beta', appId });
  assert.equal((await handler(requestOf(push))).status, 500);
  broken.length = 0;
  const another = createPushHandler(handlerOptions);
  assert.equal((await another(requestOf(push))).status, 500, 'the lease is kept for as long as the question');
  for (const key of replay.keys.keys()) if (key.endsWith(':acting')) replay.keys.delete(key);
  assert.equal((await another(requestOf(push))).status, 200);
  assert.equal(events.length, 1);
});

test('after four seconds WeChat has its success, and the event is the caller’s', { concurrency: true }, async (t) => {
  await Promise.all([
    t.test('the work goes on, is handed to waitUntil, and is not repeated', async (t) => {
      let done = false;
      let calls = 0;
      const { sandbox, appId, handler } = await receiver(t, {
        onEvent: async () => {
          calls += 1;
          await wait(5500);
          done = true;
        },
      });
      const waited = [];
      const push = sandbox.makePush({ kind: 'beta', appId });
      const started = Date.now();
      const answer = await handler(requestOf(push), { waitUntil: (promise) => waited.push(promise) });
      const took = Date.now() - started;
      assert.deepEqual([answer.status, await answer.text(), done], [200, 'success', false]);
      assert.ok(took >= 3900 && took < 4900, `${took} ms`);
      assert.equal(waited.length, 1);
      // WeChat may not have heard it in time.
      assert.equal((await handler(requestOf(push))).status, 200);
      await Promise.all(waited);
      assert.deepEqual([done, calls], [true, 1]);
      assert.equal((await handler(requestOf(push))).status, 200);
      assert.equal(calls, 1);
    }),
    t.test('the sandbox, which waits for five seconds, does not send it again', async (t) => {
      let calls = 0;
      const { sandbox, appId, handler } = await receiver(t, { onEvent: () => { calls += 1; return wait(6000); } });
      sandbox.pushTo(await listen(t, handler.node));
      assert.equal((await sandbox.push({ kind: 'beta', appId, retries: 2 })).body, 'success');
      assert.deepEqual([calls, sandbox.pushes.length], [1, 1]);
    }),
    t.test('a failure after that is told to onError, with the event', async (t) => {
      const failure = new Error('too late');
      const { sandbox, appId, handler, errors } = await receiver(t, {
        onEvent: async () => {
          await wait(4300);
          throw failure;
        },
      });
      assert.equal((await handler(requestOf(sandbox.makePush({ kind: 'beta', appId })))).status, 200);
      await wait(700);
      assert.deepEqual(errors.map(({ error, event }) => [error, event.appId]), [[failure, appId]]);
    }),
    t.test('a failure while the answer is on its way changes nothing any more', async (t) => {
      let calls = 0;
      const keys = new Set();
      const slowly = async (work) => { await wait(120); return work(); };
      const replay = {
        claim: (key) => slowly(() => !keys.has(key) && !!keys.add(key)),
        release: (key) => slowly(() => void keys.delete(key)),
        has: (key) => slowly(() => keys.has(key)),
      };
      const { sandbox, appId, handler, errors } = await receiver(t, {
        replay,
        onEvent: async () => {
          calls += 1;
          await wait(3700);
          throw new Error('just after');
        },
      });
      const push = sandbox.makePush({ kind: 'beta', appId });
      assert.equal((await handler(requestOf(push))).status, 200);
      await wait(500);
      assert.equal(errors.length, 1);
      assert.equal((await handler(requestOf(push))).status, 200);
      assert.equal(calls, 1);
    }),
    t.test('the four seconds begin when the request does', async (t) => {
      const { sandbox, appId, handler } = await receiver(t, { onEvent: () => wait(10_000) });
      const url = await listen(t, handler.node);
      const { query, body } = sandbox.makePush({ kind: 'beta', appId });
      const started = Date.now();
      const status = await new Promise((resolve) => {
        const request = http.request(`${url}?${new URLSearchParams(query)}`, { method: 'POST' }, (response) => resolve(response.statusCode));
        request.write(body.slice(0, 10));
        setTimeout(() => request.end(body.slice(10)), 2500);
      });
      const took = Date.now() - started;
      assert.ok(status === 200 && took < 4900, `${status} after ${took} ms`);
    }),
    t.test('a failure in time is a failure, even if the lease cannot be given back', async (t) => {
      const keys = new Set();
      const replay = {
        claim: async (key) => !keys.has(key) && !!keys.add(key),
        release: () => new Promise(() => undefined),
        has: async (key) => keys.has(key),
      };
      let failing = true;
      const { sandbox, appId, handler, errors } = await receiver(t, {
        replay,
        onEvent: () => { if (failing) throw new Error('at once'); },
      });
      const push = sandbox.makePush({ kind: 'beta', appId });
      const started = Date.now();
      assert.equal((await handler(requestOf(push))).status, 500);
      assert.deepEqual([errors.length, Date.now() - started < 1500], [1, true]);
      failing = false;
      keys.clear();
      assert.equal((await handler(requestOf(push))).status, 200);
    }),
    t.test('what is marked as done stays so, though the store fails once afterwards', async (t) => {
      const keys = new Set();
      let claims = 0;
      const replay = {
        async claim(key) {
          if (!key.endsWith(':acting') && ++claims === 3) throw new Error('once');
          return !keys.has(key) && !!keys.add(key);
        },
        release: async (key) => void keys.delete(key),
        has: async (key) => keys.has(key),
      };
      let calls = 0;
      const { sandbox, appId, handler, handlerOptions } = await receiver(t, {
        replay,
        onEvent: () => { calls += 1; return wait(4500); },
      });
      const push = sandbox.makePush({ kind: 'beta', appId });
      assert.equal((await handler(requestOf(push))).status, 200);
      await wait(1000);
      assert.equal((await createPushHandler(handlerOptions)(requestOf(push))).status, 200);
      assert.equal(calls, 1);
    }),
    t.test('a lease that is over is not given back: it may be somebody else’s', async (t) => {
      const keys = new Map();
      let slow = true;
      const replay = {
        async claim(key, seconds) {
          if ((keys.get(key) ?? 0) > Date.now()) return false;
          keys.set(key, Date.now() + seconds * 1000);
          return true;
        },
        release: async (key) => void keys.delete(key),
        async has(key) {
          if (slow) { slow = false; await wait(10_300); }
          return (keys.get(key) ?? 0) > Date.now();
        },
      };
      const { sandbox, appId, handler, handlerOptions, events } = await receiver(t, { replay });
      const push = sandbox.makePush({ kind: 'beta', appId });
      const first = handler(requestOf(push));
      assert.equal((await first).status, 500);
      const lease = [...keys.keys()].find((key) => key.endsWith(':acting'));
      await wait(6100);
      // The first lease has lapsed; this one is another's.
      await replay.claim(lease, 10);
      await wait(600);
      assert.ok(keys.has(lease));
      assert.equal(events.length, 0);
      keys.delete(lease);
      assert.equal((await createPushHandler(handlerOptions)(requestOf(push))).status, 200);
      assert.equal(events.length, 1);
    }),
    t.test('a store that hangs costs WeChat’s success, and nothing is acted upon behind its back', async (t) => {
      let goOn;
      const hanging = new Promise((resolve) => { goOn = resolve; });
      const { sandbox, appId, handler, events } = await receiver(t, {
        replay: { claim: () => hanging, release: async () => undefined },
      });
      const started = Date.now();
      assert.equal((await handler(requestOf(sandbox.makePush({ kind: 'beta', appId })))).status, 500);
      assert.ok(Date.now() - started < 4900);
      goOn(true);
      await wait(100);
      assert.equal(events.length, 0);
    }),
    t.test('an event whose process died is acted upon by the next, once its lease is over', async (t) => {
      const leases = new Map();
      const claims = [];
      const replay = {
        async claim(key, ttlSeconds) {
          claims.push([key, ttlSeconds]);
          if (leases.has(key)) return false;
          leases.set(key, true);
          return true;
        },
        async release(key) {
          leases.delete(key);
        },
      };
      const { sandbox, appId, handler, events, channel } = await receiver(t, { replay });
      const push = sandbox.makePush({ kind: 'beta', appId });
      const { query, body } = push;
      const event = channel.open({ msgSignature: query.msg_signature, timestamp: query.timestamp, nonce: query.nonce, body });
      const dead = `${event.eventKey}:acting`;
      leases.set(dead, true);
      // Somebody has it: WeChat is told to come back.
      assert.equal((await handler(requestOf(push))).status, 500);
      assert.equal(events.length, 0);
      setTimeout(() => leases.delete(dead), 1000);
      assert.equal((await handler(requestOf(push))).status, 200);
      assert.equal(events.length, 1);
      assert.deepEqual([...leases.keys()].sort(), [event.eventKey, event.replayKey].sort());
      const lasting = claims.filter(([, seconds]) => seconds > 10);
      assert.deepEqual(lasting, [[event.eventKey, channel.rememberSeconds], [event.replayKey, channel.rememberSeconds]]);
    }),
    t.test('a ticket is kept before WeChat has its success', async (t) => {
      const { sandbox, handlerOptions, platform, events } = await receiver(t);
      let broken = true;
      const kept = new Map();
      const store = {
        get: (key) => kept.get(key),
        set: async (key, value) => {
          if (broken) throw Object.assign(new Error(`no connection to redis://:secret@host`), { code: 'ECONNREFUSED' });
          kept.set(key, value);
        },
        delete: (key) => kept.delete(key),
      };
      const told = [];
      const handler = createPushHandler({ ...handlerOptions, platform: platform(store), onError: (error) => told.push(error) });
      const push = sandbox.makePush({ kind: 'ticket' });
      assert.equal((await handler(requestOf(push))).status, 500);
      assert.deepEqual([told[0].code, told[0].cause.code, events.length], ['CONFIGURATION', 'ECONNREFUSED', 0]);
      assert.ok(!JSON.stringify(told).includes('secret'));
      broken = false;
      assert.equal((await handler(requestOf(push))).status, 200);
      assert.equal(events.length, 1);
      assert.match([...kept.values()].join(), /ticket@@@/);
      // An older one, which came late, does not take its place.
      const before = [...kept.values()].join();
      const xml = `<xml><AppId>${sandbox.platform.componentAppId}</AppId><CreateTime>${sandbox.clock.now() - 60}</CreateTime><InfoType>component_verify_ticket</InfoType><ComponentVerifyTicket>ticket@@@old</ComponentVerifyTicket></xml>`;
      assert.equal((await handler(requestOf(sandbox.makePush({ xml })))).status, 200);
      assert.equal([...kept.values()].join(), before);
      // A store that hangs: no success either.
      const hanging = { get: () => new Promise(() => undefined), set: () => undefined, delete: () => undefined };
      const stuck = createPushHandler({ ...handlerOptions, platform: platform(hanging) });
      assert.equal((await stuck(requestOf(sandbox.makePush({ kind: 'ticket' })))).status, 500);
    }),
    t.test('bodies that never end are not waited for', async (t) => {
      const { handler, errors } = await receiver(t);
      const url = new URL(await listen(t, handler.node));
      const talk = (head, then) =>
        new Promise((resolve) => {
          const started = Date.now();
          const socket = net.connect(Number(url.port), url.hostname, () => {
            socket.write(`POST /push HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
            then?.(socket);
          });
          let got = '';
          socket.on('data', (chunk) => { got += chunk; });
          socket.on('error', () => undefined);
          socket.on('close', () => resolve([Number(got.split(' ')[1]), Date.now() - started]));
        });
      const [slow, tookSlow] = await talk('Content-Length: 1000', (socket) => socket.write('<xml>'));
      assert.ok(slow === 403 && tookSlow < 6500, `${slow} after ${tookSlow} ms`);
      const [huge, tookHuge] = await talk('Content-Length: 100000000', (socket) => {
        const send = () => { while (!socket.destroyed && socket.write('x'.repeat(65536))); };
        socket.on('drain', send);
        send();
      });
      assert.ok((huge === 403 || Number.isNaN(huge)) && tookHuge < 3000, `${huge} after ${tookHuge} ms`);
      // Broken off: nobody is left to be answered.
      await talk('Content-Length: 1000', (socket) => { socket.write('<xml>'); setTimeout(() => socket.destroy(), 50); });
      await wait(100);
      assert.equal(errors.length, 3);
      for (const { error } of errors) assert.equal(error.code, 'MALFORMED_PUSH');
    }),
  ]);
});

test('over HTTP/2 a refused sender is cut off, and 405 says what is allowed', async (t) => {
  const { handler } = await receiver(t);
  const server = http2.createServer(handler.node);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
  t.after(() => {
    session.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const talk = (headers, send) =>
    new Promise((resolve) => {
      const stream = session.request(headers);
      let answer;
      let sent = 0;
      stream.on('response', (headers) => { answer = headers; });
      stream.on('error', () => undefined);
      // Some time for a sender that is not stopped.
      stream.on('end', () => setTimeout(() => resolve({ answer, sent, closed: stream.closed }), 300));
      stream.resume();
      send(stream, (bytes) => { sent += bytes; });
    });
  const { answer: refused, sent, closed } = await talk({ ':method': 'POST', ':path': '/push' }, (stream, count) => {
    const more = () => {
      if (stream.destroyed || stream.closed) return;
      count(65536);
      stream.write(Buffer.alloc(65536), () => setImmediate(more));
    };
    more();
  });
  assert.deepEqual([refused[':status'], closed], [403, true]);
  assert.ok(sent < 8 * 1024 * 1024, `${sent} bytes were sent`);
  const { answer } = await talk({ ':method': 'GET', ':path': '/push' }, () => undefined);
  assert.deepEqual([answer[':status'], answer.allow], [405, 'POST']);
});

test('events and requests as hosts shape them', async (t) => {
  const { sandbox, appId, handler, errors } = await receiver(t);
  const push = () => sandbox.makePush({ kind: 'beta', appId });
  const { query, body } = push();
  for (const event of [
    { httpMethod: 'post', queryStringParameters: {}, queryString: query, body, isBase64Encoded: 'false' },
    { httpMethod: 'POST', queryString: query, body },
    { httpMethod: 'POST', queryStringParameters: query, body: Buffer.from(body).toString('base64'), isBase64Encoded: 'true' },
  ]) {
    assert.equal((await handler.cloudbase(event)).body, 'success');
  }
  for (const [event, status] of [[undefined, 405], [{}, 405], [{ httpMethod: 'GET' }, 405], [{ httpMethod: 'POST' }, 403], [{ httpMethod: 'POST', queryStringParameters: query, body: '*', isBase64Encoded: true }, 403]]) {
    assert.equal((await handler.cloudbase(event)).statusCode, status);
  }
  // A body that was used, a body in strings, a connection that is gone.
  const used = requestOf(push());
  await used.text();
  assert.equal((await handler(used)).status, 403);
  assert.match(errors.at(-1).error.message, /was read before/);
  const strings = (request, response) => handler.node(request.setEncoding('utf8'), response);
  sandbox.pushTo(await listen(t, strings));
  assert.equal((await sandbox.push({ kind: 'beta', appId })).body, 'success');
  const started = Date.now();
  const written = [];
  const gone = { method: 'POST', url: '/', destroyed: true, on: () => undefined };
  await handler.node(gone, { headersSent: true, writeHead: () => written.push(1), end: () => written.push(1) });
  assert.deepEqual([written.length, Date.now() - started < 100], [0, true]);
});

test('a body that somebody else has read is said to be so', async (t) => {
  const { sandbox, appId, handler, errors } = await receiver(t);
  const drained = (request, response, next) => {
    request.resume();
    request.on('end', () => { request.body = { xml: {} }; next(); });
  };
  sandbox.pushTo(await listen(t, behindExpress(handler, through, drained)));
  assert.equal((await sandbox.push({ kind: 'beta', appId })).status, 403);
  assert.match(errors[0].error.message, /was read before/);
});

test('without onError one line is printed, and nobody’s data', async (t) => {
  const { sandbox, appId, handlerOptions } = await receiver(t);
  const lines = [];
  t.mock.method(console, 'error', (...words) => lines.push(words.join(' ')));
  const handler = createPushHandler({
    channel: handlerOptions.channel,
    onEvent: (event) => { throw Object.assign(new TypeError(JSON.stringify(event)), { code: 'E_DB' }); },
  });
  await handler(requestOf(sandbox.makePush({ kind: 'beta', appId })));
  await handler(requestOf(sandbox.makePush({ kind: 'beta', appId, fault: 'key' })));
  assert.equal(lines.length, 2);
  assert.match(lines[0], /^wechat-realname: the event [0-9a-f]{64} \(notify_third_fastverifybetaapp\) failed: TypeError E_DB$/);
  assert.match(lines[1], /^wechat-realname: a push was refused: MALFORMED_PUSH: .*encodingAesKey/);
});
