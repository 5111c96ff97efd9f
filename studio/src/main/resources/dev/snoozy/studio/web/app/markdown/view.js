import {t} from 'app/core/i18n.js';
import {drawCode} from 'app/markdown/code.js';
import {guardLinks} from 'app/markdown/links.js';
import {drawMaths} from 'app/markdown/maths.js';
import {blocks, draw} from 'app/markdown/parse.js';
import {visible} from 'app/markdown/visible.js';

const SHORTEST_WAIT = 40;

/**
 * Shows Markdown as it comes. A block that has not changed is left alone, so that an answer can
 * grow to any length; and drawing takes a fifth of the time at most.
 */
class MarkdownView extends HTMLElement {
  #text = '';
  #shown = '';
  #live = false;
  #timer = 0;
  #lastMillis = 0;
  /** @type {{raw: string, type: string, element: HTMLElement}[]} */
  #blocks = [];

  /** @param {string} text */
  set text(text) {
    this.#text = text ?? '';
    this.#schedule();
  }

  /** Whether more may come. @param {boolean} live */
  set live(live) {
    this.#live = live;
    this.#schedule();
  }

  connectedCallback() {
    this.classList.add('markdown');
    this.#schedule();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #schedule() {
    if (!this.isConnected || this.#text === this.#shown) {
      return;
    }
    if (!this.#live) {
      clearTimeout(this.#timer);
      this.#draw();
    } else if (this.#timer === 0) {
      this.#timer = setTimeout(() => this.#draw(), Math.max(SHORTEST_WAIT, 4 * this.#lastMillis));
    }
  }

  #draw() {
    this.#timer = 0;
    const began = performance.now();
    this.#shown = this.#text;
    const tokens = blocks(visible(this.#text));
    let at = 0;
    while (at < tokens.length && at < this.#blocks.length && same(tokens[at], this.#blocks[at])) {
      at++;
    }
    for (const old of this.#blocks.splice(at)) {
      old.element.remove();
    }
    for (const token of tokens.slice(at)) {
      const element = drawBlock(token);
      this.append(element);
      this.#blocks.push({raw: token.raw, type: token.type, element});
    }
    this.#lastMillis = performance.now() - began;
  }
}

/** @param {{raw: string, type: string}} a @param {{raw: string, type: string}} b */
function same(a, b) {
  return a.raw === b.raw && a.type === b.type;
}

/** @param {object} token */
function drawBlock(token) {
  const element = document.createElement('div');
  element.dir = 'auto';
  element.append(draw(token));
  for (const table of element.querySelectorAll('table')) {
    const box = document.createElement('div');
    box.className = 'table';
    box.tabIndex = 0;
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', t('markdown.table'));
    table.replaceWith(box);
    box.append(table);
  }
  drawCode(element);
  drawMaths(element);
  guardLinks(element);
  return element;
}
customElements.define('sz-markdown', MarkdownView);
