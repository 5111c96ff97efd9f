import {SnoozyElement, html, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {moment, number, t} from 'app/core/i18n.js';
import {Poll} from 'app/core/poll.js';
import {snippets} from 'app/server/snippets.js';
import {copy} from 'app/parts/clipboard.js';

const POLL_MILLIS = 2000;

/** The server: where it is, how programs talk to it, what it does. */
class ServerPage extends SnoozyElement {
  static properties = {server: {state: true}, speed: {state: true}, language: {state: true}, model: {state: true}};

  constructor() {
    super();
    /** @type {any} */
    this.server = null;
    this.speed = {pp: 0, tg: 0};
    this.language = 'curl';
    this.model = '';
    this.poll = new Poll(this, () => this.#load(), POLL_MILLIS);
  }

  async connectedCallback() {
    super.connectedCallback();
    const answer = await get('models').catch(() => null);
    this.model = answer?.models?.[0]?.name ?? 'model';
  }

  async #load() {
    const before = this.server?.throughput;
    const server = await get('server');
    const now = server.throughput ?? {};
    if (before) {
      this.speed = {
        pp: rate(now.promptTokens - before.promptTokens, now.promptMs - before.promptMs),
        tg: rate(now.generatedTokens - before.generatedTokens, now.generationMs - before.generationMs),
      };
    }
    this.server = server;
  }

  get address() {
    return this.server?.address ?? location.origin;
  }

  render() {
    const requests = this.server?.requests ?? [];
    const keys = this.server?.keys ?? [];
    return html`<div class="page">
      <header class="page__head">
        <h1>${t('nav.server')}</h1>
        ${when(this.server, () => html`<span class="badge badge--good">${t('server.on')}</span>`)}
      </header>
      <div class="page__body">
        <section class="block">
          <h2>${t('server.address')}</h2>
          <div class="row">
            <code class="address" data-test="address">${this.address}</code>
            <button class="button button--small" @click=${() => copy(this.address)}>${icon('copy')}${t('copy')}</button>
          </div>
          <p class="soft small">${t('server.addressText')}</p>
          ${keys.length > 0
            ? html`<ul class="plain">
                ${keys.map((key) => html`<li>${key.name} <span class="soft small">${key.created ? moment(key.created) : ''}</span></li>`)}
              </ul>`
            : html`<p class="soft small">${t('server.noKeys')}</p>`}
        </section>
        <section class="block">
          <h2>${t('server.use')}</h2>
          <div class="tabs" role="group" aria-label=${t('server.language')}>
            ${Object.keys(snippets('', '')).map(
              (name) => html`<button class="tab" aria-pressed=${name === this.language} @click=${() => (this.language = name)}>${name}</button>`,
            )}
          </div>
          <div class="code">
            <div class="code__head">
              <span>${this.language}</span>
              <button class="button button--small" data-test="copy-snippet" @click=${() => copy(this.#snippet)}>${icon('copy')}${t('copy')}</button>
            </div>
            <pre class="plain-text" tabindex="0" data-test="snippet">${this.#snippet}</pre>
          </div>
        </section>
        <section class="block">
          <h2>${t('server.live')}</h2>
          <p>${t('server.speed', {pp: number(this.speed.pp, 1), tg: number(this.speed.tg, 1)})}</p>
          ${when(this.server?.waiting > 0, () => html`<p class="notice notice--warn">${t('server.waiting', {count: number(this.server.waiting)})}</p>`)}
          ${requests.length === 0
            ? html`<p class="soft">${t('server.idle')}</p>`
            : html`<table class="table-plain">
                <thead>
                  <tr>
                    <th scope="col">${t('model')}</th>
                    <th scope="col" class="right">${t('server.requests')}</th>
                  </tr>
                </thead>
                <tbody>
                  ${requests.map(
                    (r) => html`<tr>
                      <td>${r.model}</td>
                      <td class="right">${number(r.texts ?? r.active ?? 1)}</td>
                    </tr>`,
                  )}
                </tbody>
              </table>`}
        </section>
      </div>
    </div>`;
  }

  get #snippet() {
    return snippets(this.address, this.model)[this.language];
  }
}
customElements.define('sz-server-page', ServerPage);

/** Tokens a second. @param {number} tokens @param {number} millis */
function rate(tokens, millis) {
  return tokens > 0 && millis > 0 ? (1000 * tokens) / millis : 0;
}
