import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {plural, t} from 'app/core/i18n.js';
import {fileName, placeLine} from 'app/documents/passage.js';
import {openAt} from 'app/documents/reader.js';
import {visible} from 'app/markdown/visible.js';

/**
 * @typedef {{number: number, cited: boolean, file: string, title: string, headings: string[],
 *     page: number, line: number, last_line: number, passage: string}} Citation
 * @typedef {{question: string, found: boolean, citations: Citation[]}} Documents
 */

const REFERENCE = /\[(\d{1,4})\]/g;
const NOT_IN = 'a, button, code, pre, math';

/** The passages that an answer comes from. */
class Citations extends SnoozyElement {
  static properties = {documents: {attribute: false}, collections: {attribute: false}, asked: {attribute: false}};

  constructor() {
    super();
    /** @type {Documents} */
    this.documents = {question: '', found: false, citations: []};
    /** @type {string[]} */
    this.collections = [];
    /** What the person has written. */
    this.asked = '';
  }

  render() {
    const {citations, found, question} = this.documents;
    const cited = citations.filter((one) => one.cited);
    const others = citations.filter((one) => !one.cited);
    const names = this.collections.join(', ');
    return html`<section class="citations" aria-label=${t('citations.title')} data-test="citations">
      ${when(!found, () => html`<p class="soft small" data-test="not-found">${t('citations.none', {names})}</p>`)}
      ${when(question && question !== this.asked, () => html`<p class="soft small" dir="auto">${t('citations.question', {question: visible(question)})}</p>`)}
      ${cited.length > 0 ? this.#list(cited) : nothing}
      ${when(
        others.length > 0,
        () => html`<details class="fold small">
          <summary>${plural('citations.others', others.length)}</summary>
          ${this.#list(others)}
        </details>`,
      )}
    </section>`;
  }

  /** @param {Citation[]} list */
  #list(list) {
    return html`<ol class="plain">
      ${list.map(
        (one) => html`<li>
          <button class="citations__one" data-test="citation" title=${visible(one.file)} @click=${() => openAt({...one, collections: this.collections})}>
            <span class="citations__number">${one.number}</span>${icon('documents')}<span
              ><b>${fileName(one.file)}</b> <span class="soft small">${placeLine(one)}</span></span
            >
          </button>
        </li>`,
      )}
    </ol>`;
  }
}
customElements.define('sz-citations', Citations);

/**
 * Makes the numbers in an answer lead to their passages. Done twice it changes nothing.
 * @param {Element} root @param {Documents} documents @param {string[]} collections
 */
export function linkCitations(root, {citations}, collections) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest(NOT_IN) && node.data.includes('[')) {
      texts.push(node);
    }
  }
  for (const text of texts) {
    const parts = pieces(text.data, citations, collections);
    if (parts.some((part) => typeof part !== 'string')) {
      text.replaceWith(...parts);
    }
  }
}

/** @param {string} text @param {Citation[]} citations @param {string[]} collections */
function pieces(text, citations, collections) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const citation = citations.find((one) => one.number === Number(match[1]));
    if (citation) {
      parts.push(text.slice(at, match.index), reference(citation, collections));
      at = match.index + match[0].length;
    }
  }
  parts.push(text.slice(at));
  return parts;
}

/** @param {Citation} citation @param {string[]} collections */
function reference(citation, collections) {
  const button = document.createElement('button');
  const name = `${fileName(citation.file)}, ${placeLine(citation)}`;
  button.className = 'reference';
  button.dataset.test = 'reference';
  button.textContent = `[${citation.number}]`;
  button.title = name;
  button.setAttribute('aria-label', t('citations.open', {number: citation.number, name}));
  button.addEventListener('click', () => openAt({...citation, collections}));
  return button;
}
