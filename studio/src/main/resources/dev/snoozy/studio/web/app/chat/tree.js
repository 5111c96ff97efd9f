/**
 * The messages of a chat are a tree: editing or regenerating makes a sibling. What is shown is the
 * path from the root to a leaf.
 * @typedef {object} Message
 * @property {string} id
 * @property {string | null} parent
 * @property {'user' | 'assistant' | 'system'} role
 * @property {string} content
 */

/** The path to a leaf, first message first. @param {Map<string, Message>} messages @param {string | null} leaf */
export function path(messages, leaf) {
  const found = [];
  const seen = new Set();
  for (let at = messages.get(leaf); at && !seen.has(at.id); at = messages.get(at.parent)) {
    seen.add(at.id);
    found.push(at);
  }
  return found.reverse();
}

/** The messages by their parents, in the order in which they were made. @param {Map<string, Message>} messages */
export function children(messages) {
  const found = new Map();
  for (const message of messages.values()) {
    const parent = message.parent ?? null;
    if (!found.has(parent)) {
      found.set(parent, []);
    }
    found.get(parent).push(message);
  }
  return found;
}

/** The newest leaf below a message. @param {Map<string, Message>} messages @param {string} id */
export function leafBelow(messages, id) {
  const below = children(messages);
  let at = id;
  while (below.get(at)?.length > 0) {
    at = below.get(at).at(-1).id;
  }
  return at;
}

/** The newest leaf of all, or null. @param {Map<string, Message>} messages */
export function newestLeaf(messages) {
  const last = [...messages.values()].at(-1);
  return last ? leafBelow(messages, last.id) : null;
}

/** A message and all below it. @param {Map<string, Message>} messages @param {string} id */
export function subtree(messages, id) {
  const below = children(messages);
  const found = [];
  const open = [id];
  while (open.length > 0) {
    const at = open.pop();
    found.push(at);
    open.push(...(below.get(at) ?? []).map((m) => m.id));
  }
  return found;
}
