import {html, nothing} from 'lit-html';

import {number, t} from 'app/core/i18n.js';
import {visible} from 'app/markdown/visible.js';

/**
 * A passage of a document, as the server tells it.
 * @typedef {{file: string, title?: string, headings?: string[], page?: number, line?: number, last_line?: number}} Place
 */

/** The name of a file without its folders. @param {string} path */
export function fileName(path) {
  return visible(path.split(/[\\/]/).pop() ?? path);
}

/** Page and lines, as far as the format has any. @param {Place} place */
export function where({page = 0, line = 0, last_line: last = 0}) {
  const words = [];
  if (page > 0) {
    words.push(t('documents.page', {page: number(page)}));
  }
  if (line > 0) {
    const lines = last > line ? {from: number(line), to: number(last)} : null;
    words.push(lines ? t('documents.lines', lines) : t('documents.line', {line: number(line)}));
  }
  return words.join(', ');
}

/** Where a passage is: the headings above it, page and line. @param {Place} place */
export function placeLine(place) {
  const headings = (place.headings ?? []).map(visible).join(' › ');
  return [where(place), headings].filter(Boolean).join(' · ');
}

/**
 * A text with words marked in it. Nothing of it is anything but text.
 * @param {string} text @param {{start: number, end: number}[]} spans
 */
export function marked(text, spans) {
  const parts = [];
  let at = 0;
  for (const {start, end} of spans) {
    if (start >= at && end <= text.length) {
      parts.push(visible(text.slice(at, start)), html`<mark>${visible(text.slice(start, end))}</mark>`);
      at = end;
    }
  }
  parts.push(visible(text.slice(at)));
  return parts;
}

/** The full path of a file, where its name alone does not tell. @param {string} path */
export function pathLine(path) {
  return path ? html`<span class="soft small passage__path" dir="ltr">${visible(path)}</span>` : nothing;
}
