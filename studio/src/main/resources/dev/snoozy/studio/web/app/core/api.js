/** What the server refuses, with its words. */
export class ApiError extends Error {
  /** @param {number} status @param {string} message @param {string} [field] */
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

const BASE = new URL('api/', document.baseURI);
const KEY = 'snoozy.key';

/** A key for servers that demand one; kept until the tab is closed. */
export const apiKey = {
  get: () => sessionStorage.getItem(KEY) ?? '',
  /** @param {string} key */
  set: (key) => sessionStorage.setItem(KEY, key),
};

/** @param {string} path */
function address(path) {
  return new URL(path.replace(/^\//, ''), BASE);
}

/** @param {Record<string, string>} [more] */
function headers(more = {}) {
  const key = apiKey.get();
  return key ? {...more, Authorization: `Bearer ${key}`} : more;
}

/** @param {Response} answer */
async function problem(answer) {
  const text = await answer.text();
  try {
    const {error} = JSON.parse(text);
    return new ApiError(answer.status, error.message ?? String(error), error.field);
  } catch {
    return new ApiError(answer.status, text.slice(0, 300) || `HTTP ${answer.status}`);
  }
}

/**
 * Asks the server.
 * @param {string} method @param {string} path below the API @param {unknown} [body]
 * @param {{keepalive?: boolean, signal?: AbortSignal}} [more]
 * @returns {Promise<Response>}
 */
export async function ask(method, path, body, more = {}) {
  const answer = await fetch(address(path), {
    method,
    headers: headers(body === undefined ? {} : {'Content-Type': 'application/json'}),
    body: body === undefined ? undefined : JSON.stringify(body),
    ...more,
  });
  if (!answer.ok) {
    throw await problem(answer);
  }
  return answer;
}

/** @param {Response} answer */
async function json(answer) {
  const text = await answer.text();
  return text ? JSON.parse(text) : {};
}

/** @param {string} path @param {{signal?: AbortSignal}} [more] */
export const get = (path, more) => ask('GET', path, undefined, more).then(json);
/** @param {string} path @param {unknown} [body] */
export const post = (path, body = {}) => ask('POST', path, body).then(json);
/** @param {string} path @param {unknown} body */
export const patch = (path, body) => ask('PATCH', path, body).then(json);
/** @param {string} path @param {{keepalive?: boolean}} [more] */
export const remove = (path, more) => ask('DELETE', path, {}, more).then(json);

/**
 * The server-sent events at a path (HTML Living Standard, 9.2), until the server ends them.
 * @param {string} path @param {AbortSignal} signal
 * @returns {AsyncGenerator<{event: string, data: any}>}
 */
export async function* events(path, signal) {
  const answer = await ask('GET', path, undefined, {signal});
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) {
        return;
      }
      rest += value;
      const blocks = rest.split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const read = readEvent(block);
        if (read) {
          yield read;
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {string} block */
function readEvent(block) {
  let event = 'message';
  const data = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) {
      event = line.slice(6).trim();
    } else if (line.startsWith('data:')) {
      data.push(line.slice(5).replace(/^ /, ''));
    }
  }
  return data.length === 0 ? null : {event, data: JSON.parse(data.join('\n'))};
}
