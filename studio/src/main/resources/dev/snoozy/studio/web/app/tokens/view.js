import {css} from 'app/core/css.js';

import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {number, t} from 'app/core/i18n.js';
import {visible} from 'app/markdown/visible.js';

import 'app/tokens/entropy.js';

/** So many tokens are drawn; of longer texts the last ones. */
const MOST = 3000;

/** @param {number | null} logprob */
function probability(logprob) {
  return logprob === null || logprob === undefined ? 0 : Math.exp(logprob);
}

/** @param {number} p */
function percent(p) {
  return `${number(100 * p, p < 0.1 ? 1 : 0)} %`;
}

/** A token as it can be read: its blanks and line ends are signs. @param {string} text */
function readable(text) {
  return visible(text).replace(/\n/g, '⏎').replace(/\t/g, '⇥').replace(/^ | $/g, '·') || '∅';
}

/**
 * A text as the tokens that it was made of, each coloured by how likely it was. One that is pointed
 * at shows what else might have stood there; such an alternative can be chosen (event `choose`).
 */
class TokenView extends SnoozyElement {
  static properties = {tokens: {attribute: false}, at: {state: true}, fixed: {type: Boolean}};

  constructor() {
    super();
    /** @type {{id: number, text: string, logprob: number, entropy: number, top: any[]}[]} */
    this.tokens = [];
    this.at = -1;
    this.fixed = false;
  }

  /** @param {KeyboardEvent} e */
  #keys(e) {
    const step = {ArrowRight: 1, ArrowLeft: -1}[e.key];
    if (step) {
      e.preventDefault();
      const to = Math.min(this.tokens.length - 1, Math.max(0, this.at + step));
      this.at = to;
      this.updateComplete.then(() => this.querySelector(`[data-index="${to}"]`)?.focus());
    }
  }

  /** @param {Event} e */
  #point(e) {
    const index = e.target.closest?.('[data-index]')?.dataset.index;
    if (index !== undefined) {
      this.at = Number(index);
    }
  }

  render() {
    const from = Math.max(0, this.tokens.length - MOST);
    const focusable = this.at >= from && this.at < this.tokens.length ? this.at : from;
    return html`
      <div
        class="tokens"
        role="group"
        aria-label=${t('tokens.label')}
        @keydown=${(e) => this.#keys(e)}
        @mouseover=${(e) => this.#point(e)}
        @focusin=${(e) => this.#point(e)}
        @click=${(e) => this.#point(e)}
        >${this.tokens.slice(from).map((token, i) => this.#token(token, from + i, focusable))}</div
      >
      <p class="tokens__scale small soft" aria-hidden="true"
        ><span>${t('tokens.unlikely')}</span><span class="tokens__ramp"></span><span>${t('tokens.likely')}</span></p
      >
      ${when(this.tokens[this.at], () => this.#card(this.tokens[this.at]))}
      ${when(
        this.tokens.length > 1,
        () => html`<sz-entropy .tokens=${this.tokens} .at=${this.at} @point=${(e) => (this.at = e.detail)}></sz-entropy>`,
      )}
    `;
  }

  /** @param {any} token @param {number} index @param {number} focusable */
  #token(token, index, focusable) {
    const p = probability(token.logprob);
    const label = t('tokens.token', {text: readable(token.text), percent: percent(p)});
    return html`<button
        class="token ${index === this.at ? 'token--at' : ''}"
        data-index=${index}
        tabindex=${index === focusable ? '0' : '-1'}
        aria-label=${label}
        ${css({'--p': p.toFixed(3)})}
        >${visible(token.text).replace(/\n/g, '⏎')}</button
      >${token.text.includes('\n') ? html`<br />` : nothing}`;
  }

  /** @param {any} token */
  #card(token) {
    const index = this.at;
    return html`<div class="alternatives" data-test="alternatives">
      <p class="small soft">
        ${t('tokens.place', {index: number(index + 1)})} · ${t('tokens.entropy', {value: number(token.entropy ?? 0, 2)})}
      </p>
      <ul class="plain" aria-label=${t('tokens.continue')}>
        ${(token.top ?? []).map((other) => {
          const p = probability(other.logprob);
          const isChosen = other.id === undefined ? other.text === token.text : other.id === token.id;
          return html`<li>
            <button
              class="alternative"
              ?disabled=${isChosen || this.fixed}
              @click=${() => this.tell('choose', {index, token: other.id, text: other.text})}
            >
              <span class="alternative__bar" ${css({width: `${100 * p}%`})}></span>
              <span class="mono">${readable(other.text)}</span><span class="small">${percent(p)}${isChosen ? ' ✓' : ''}</span>
            </button>
          </li>`;
        })}
      </ul>
      ${when(!this.fixed, () => html`<p class="small soft">${t('tokens.hint')}</p>`)}
    </div>`;
  }
}
customElements.define('sz-tokens', TokenView);
