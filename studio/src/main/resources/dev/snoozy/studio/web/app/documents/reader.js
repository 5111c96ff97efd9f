import {html, when} from 'app/core/element.js';
import {post} from 'app/core/api.js';
import {number, t} from 'app/core/i18n.js';
import {fileName, pathLine, placeLine} from 'app/documents/passage.js';
import {visible} from 'app/markdown/visible.js';
import {openDialog} from 'app/parts/dialog.js';
import {trying} from 'app/parts/toast.js';

const MORE = 60;

/**
 * The stored text of a file, one passage after the other. Passages overlap; each is shown from where
 * it says something new, but for the one that was sought, which is whole.
 * @typedef {{ordinal: number, text: string, repeats: number, headings: string[], page: number, line: number, last_line: number}} Passage
 */

/**
 * Opens the text of a file at a passage.
 * @param {{file: string, passage?: string, page?: number, line?: number, collections?: string[]}} wanted
 */
export async function openAt({file, passage = '', page = 0, line = 0, collections = []}) {
  const found = await trying(() => post('documents/open', {path: file, passage, page, line, collections}));
  if (!found) {
    return;
  }
  const target = found.target;
  /** @type {Passage[]} */
  let shown = found.passages;
  const load = async (from, redraw) => {
    const more = await trying(() => post('documents/open', {path: file, collections, from: Math.max(0, from), count: MORE}));
    if (more) {
      const known = new Map([...more.passages, ...shown].map((one) => [one.ordinal, one]));
      shown = [...known.values()].sort((a, b) => a.ordinal - b.ordinal);
      redraw();
    }
  };
  const closed = openDialog({
    title: fileName(file),
    wide: true,
    body: (close, redraw) => html`
      ${pathLine(file)}
      ${when(passage && target < 0, () => html`<p class="notice notice--warn">${t('documents.changed')}</p>`)}
      ${when(shown[0].ordinal > 0, () => html`<button class="button button--small" @click=${() => load(shown[0].ordinal - MORE, redraw)}>${t('documents.before')}</button>`)}
      <div class="reader" tabindex="0" role="region" aria-label=${t('documents.text')} data-test="reader">
        ${shown.map((one, i) => section(one, shown[i + 1], target))}
      </div>
      ${when(
        shown.at(-1).ordinal < found.total - 1,
        () => html`<button class="button button--small" @click=${() => load(shown.at(-1).ordinal + 1, redraw)}>${t('documents.after')}</button>`,
      )}
      <p class="soft small">${t('documents.stored', {count: number(found.total)})}</p>
    `,
  });
  document.querySelector('dialog[open] .reader__part--here')?.scrollIntoView({block: 'center'});
  await closed;
}

/** @param {Passage} one @param {Passage | undefined} next @param {number} target */
function section(one, next, target) {
  const here = one.ordinal === target;
  const end = next?.ordinal === target ? one.text.length - next.repeats : one.text.length;
  const text = one.text.slice(here ? 0 : one.repeats, Math.max(end, 0));
  return html`<section class="reader__part ${here ? 'reader__part--here' : ''}" data-test=${here ? 'here' : 'part'}>
    <p class="soft small">${placeLine(one)}</p>
    <div class="reader__text" dir="auto">${here ? html`<mark>${visible(text)}</mark>` : visible(text)}</div>
  </section>`;
}
