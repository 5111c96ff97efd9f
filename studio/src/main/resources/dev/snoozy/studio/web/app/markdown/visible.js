/**
 * Characters that show nothing, or turn the order of what is shown (bidirectional embeddings,
 * overrides and isolates; tags): a model could hide words with them, so they are made visible.
 */
// eslint-disable-next-line no-control-regex
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Text in which nothing is hidden, and every character is whole. @param {string} text */
export function visible(text) {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(HIDDEN, (c) => `⟦${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟧`);
}
