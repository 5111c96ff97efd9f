import {html} from 'lit-html';

/** Texts longer than this are compared by lines instead of words. */
const MOST_WORDS = 1500;

/** @param {string} text */
function words(text) {
  return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

/**
 * What must be taken away from and added to one text to make it the other: the longest common
 * subsequence of their words.
 * @param {string} a @param {string} b
 * @returns {{kind: 'same' | 'gone' | 'new', text: string}[]}
 */
export function diff(a, b) {
  let [left, right] = [words(a), words(b)];
  if (left.length > MOST_WORDS || right.length > MOST_WORDS) {
    [left, right] = [a.split(/(?<=\n)/).slice(0, MOST_WORDS), b.split(/(?<=\n)/).slice(0, MOST_WORDS)];
  }
  const width = right.length + 1;
  const length = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      length[i * width + j] =
        left[i] === right[j]
          ? length[(i + 1) * width + j + 1] + 1
          : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const parts = [];
  const add = (kind, text) => {
    if (parts.at(-1)?.kind === kind) {
      parts.at(-1).text += text;
    } else {
      parts.push({kind, text});
    }
  };
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      add('same', left[i++]);
      j++;
    } else if (j >= right.length || (i < left.length && length[(i + 1) * width + j] >= length[i * width + j + 1])) {
      add('gone', left[i++]);
    } else {
      add('new', right[j++]);
    }
  }
  return parts;
}

/** Two texts as one, with what is gone and what is new. @param {string} a @param {string} b */
export function diffView(a, b) {
  return html`<p class="diff" dir="auto">
    ${diff(a, b).map(({kind, text}) =>
      kind === 'gone' ? html`<del>${text}</del>` : kind === 'new' ? html`<ins>${text}</ins>` : text,
    )}
  </p>`;
}
