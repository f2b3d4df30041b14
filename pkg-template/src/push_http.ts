// A push out of each kind of server's request, and the answer into its response.
import { bodyOf, Collected } from './body';
import { RealNameError } from './error';
import { configuration } from './mistake';
import { tooLarge, type PushDelivery } from './push';

/** What WeChat is told. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What arrived: a push as it may be, or why it is none. */
export type Arrived = PushDelivery | RealNameError | 'not a POST';

/** As much of the Web's `Request` as is used. */
export interface WebRequest {
  /** What is not `POST` is refused. */
  readonly method: string;
  /** The query holds the signature. */
  readonly url: string;
  /** A `ReadableStream`, of which no more is read than a push may have. */
  readonly body?: unknown;
  /** Whether somebody has read the body, without which there is no push. */
  readonly bodyUsed?: boolean;
  /** The whole body, where `body` is no stream. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The Web's `Response`, where the compiler knows one. */
export type WebResponse = typeof globalThis extends { Response: { prototype: infer Response } }
  ? Response
  : {
      /** The HTTP status. */
      readonly status: number;
      /** What WeChat is told. */
      text(): Promise<string>;
    };

/** As much of Node's `IncomingMessage` as is used; with Express, a `body` that `raw` or `text` has read. */
export interface NodeRequest {
  /** What is not `POST` is refused. */
  readonly method?: string | undefined;
  /** The query holds the signature. */
  readonly url?: string | undefined;
  /** Whether somebody has read the body. */
  readonly readableEnded?: boolean;
  /** Whether the connection is gone. */
  readonly destroyed?: boolean;
  /** 2 where one request ends without its connection. */
  readonly httpVersionMajor?: number;
  /** The body, where a parser has read it: a string or bytes. */
  readonly body?: unknown;
  /** As every event emitter has it. */
  on(event: string, listener: (...values: any[]) => void): unknown;
  /** Ends the connection of a sender who goes on after a refusal. */
  destroy?(): unknown;
  /** Of HTTP/2. */
  readonly stream?: {
    /** Ends the request alone. */
    close(): unknown;
  };
}

/** As much of Node's `ServerResponse` as is used. */
export interface NodeResponse {
  /** Whether somebody has answered. */
  readonly headersSent?: boolean;
  /** Sends the status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** Sends the body. */
  end(body: string, done?: () => void): unknown;
}

/** What an HTTP trigger of CloudBase hands to its function. */
export interface CloudBaseHttpEvent {
  /** What is not `POST` is refused. */
  readonly httpMethod?: string;
  /** The query, which holds the signature. */
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  /** The same, as other triggers of Tencent Cloud call it. */
  readonly queryString?: Readonly<Record<string, string | undefined>>;
  /** The body: as it came, or in base64. */
  readonly body?: string;
  /** Whether `body` is base64; some triggers say it with a text. */
  readonly isBase64Encoded?: boolean | string;
}

/** What an HTTP trigger of CloudBase takes for an answer. */
export interface CloudBaseHttpResult {
  /** The HTTP status. */
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  /** What WeChat is told. */
  readonly body: string;
  /** The body is text. */
  readonly isBase64Encoded: false;
}

/** WeChat wants its answer within five seconds, so whoever takes longer for a body is not WeChat. */
const BODY_MS = 4000;
const BROKEN = 'the connection broke inside the body';
const READ_BEFORE = 'the body was read before the handler got it: put the handler before body parsers, or use express.raw';

const headersOf = (status: number): Record<string, string> => ({
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  ...(status === 405 && { allow: 'POST' }),
});

export async function fromWeb(request: WebRequest): Promise<Arrived> {
  if (request.method !== 'POST') return 'not a POST';
  if (request.bodyUsed) return malformed(READ_BEFORE);
  return inTime(async () => delivery(queryOf(request.url), await bodyOf(request, tooLarge)));
}

export function toWeb({ status, body }: Answer): WebResponse {
  const { Response } = globalThis as { Response?: new (body: string, init: object) => WebResponse };
  if (!Response) throw configuration('createPushHandler', 'this runtime has no Response: use handler.node');
  return new Response(body, { status, headers: headersOf(status) });
}

export async function fromNode(request: NodeRequest): Promise<Arrived> {
  if (request.method !== 'POST') return 'not a POST';
  return inTime(async () => delivery(queryOf(request.url ?? ''), await nodeBody(request)));
}

export function toNode(request: NodeRequest, response: NodeResponse, { status, body }: Answer): void {
  // A time limit of the server's may have answered.
  if (response.headersSent) return;
  const isHttp1 = (request.httpVersionMajor ?? 1) < 2;
  response.writeHead(status, { ...headersOf(status), ...(status !== 200 && isHttp1 && { connection: 'close' }) });
  response.end(body, () => {
    // Whoever sends what is refused may go on sending.
    if (status === 200 || request.readableEnded) return;
    if (request.stream) request.stream.close();
    else request.destroy?.();
  });
}

export function fromCloudBase(event: CloudBaseHttpEvent): Arrived {
  const { httpMethod, queryStringParameters, queryString, body = '', isBase64Encoded } = event ?? {};
  if (httpMethod?.toUpperCase() !== 'POST') return 'not a POST';
  const query = new Map(Object.entries({ ...queryString, ...queryStringParameters }));
  try {
    const bytes = String(isBase64Encoded) === 'true' ? Uint8Array.from(atob(body), (character) => character.charCodeAt(0)) : body;
    return delivery((name) => query.get(name), bytes);
  } catch {
    return malformed('the body is not the base64 that isBase64Encoded says it is');
  }
}

export function toCloudBase({ status, body }: Answer): CloudBaseHttpResult {
  return { isBase64Encoded: false, statusCode: status, headers: headersOf(status), body };
}

/** What is not there, or there twice, is empty: whoever sends that has not signed it. */
function delivery(query: (name: string) => string | undefined, body: string | Uint8Array): PushDelivery {
  const [msgSignature = '', timestamp = '', nonce = ''] = ['msg_signature', 'timestamp', 'nonce'].map(query);
  return { msgSignature, timestamp, nonce, body };
}

function queryOf(url: string): (name: string) => string | undefined {
  const { searchParams } = new URL(url, 'http://localhost');
  return (name) => {
    const values = searchParams.getAll(name);
    return values.length === 1 ? values[0] : undefined;
  };
}

function nodeBody(request: NodeRequest): Promise<string | Uint8Array> {
  const { body } = request;
  if (typeof body === 'string' || ArrayBuffer.isView(body)) return Promise.resolve(body as string | Uint8Array);
  return new Promise((resolve, reject) => {
    // Some parsers leave an empty object where they have read nothing.
    if (request.readableEnded) return reject(malformed(READ_BEFORE));
    if (request.destroyed) return reject(malformed(BROKEN));
    const collected = new Collected();
    request.on('data', (chunk: Uint8Array | string) => {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      if (!collected.takes(bytes)) reject(tooLarge());
    });
    request.on('end', () => resolve(collected.whole()));
    for (const event of ['aborted', 'error', 'close']) request.on(event, () => reject(malformed(BROKEN)));
  });
}

/** What `work` gives, unless it takes too long; never a rejection. */
async function inTime(work: () => Promise<PushDelivery>): Promise<Arrived> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<RealNameError>((resolve) => {
    timer = setTimeout(() => resolve(malformed('the body did not come within 4 seconds')), BODY_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (thrown) {
    return thrown instanceof RealNameError ? thrown : malformed('the request could not be read');
  } finally {
    clearTimeout(timer);
  }
}

function malformed(message: string): RealNameError {
  return new RealNameError({ code: 'MALFORMED_PUSH', message });
}
