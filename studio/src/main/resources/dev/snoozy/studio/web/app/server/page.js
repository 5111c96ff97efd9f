import {SnoozyElement, html, when} from 'app/core/element.js';
import {get, patch} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {number, t} from 'app/core/i18n.js';
import {Poll} from 'app/core/poll.js';
import {snippets} from 'app/server/snippets.js';
import {copy} from 'app/parts/clipboard.js';
import {trying} from 'app/parts/toast.js';
import 'app/server/keys.js';
import 'app/server/requests.js';

const POLL_MILLIS = 1000;

/** Who may ask, from the most careful to the least. */
const ACCESS = ['page', 'key', 'machine'];

/** The server: who may ask it, where it is, how programs talk to it, what it does. */
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

  /** @param {string} access */
  async #choose(access) {
    await trying(() => patch('server', {access}));
    await trying(() => this.#load());
  }

  get address() {
    return this.server?.address ?? location.origin;
  }

  render() {
    const {access} = this.server ?? {};
    return html`<div class="page">
      <header class="page__head">
        <h1>${t('nav.server')}</h1>
        ${when(
          this.server,
          () =>
            html`<span class="badge ${access === 'page' ? '' : 'badge--good'}" data-test="server-state"
              >${t(access === 'page' ? 'server.off' : 'server.on')}</span
            >`,
        )}
      </header>
      <div class="page__body">
        ${when(this.server, () => this.#access())}
        ${when(access === 'key' || this.server?.keys.length > 0, () =>
          when(!this.server.given, () => html`<sz-server-keys .keys=${this.server.keys} @changed=${() => trying(() => this.#load())}></sz-server-keys>`),
        )}
        <section class="block">
          <h2>${t('server.use')}</h2>
          <div class="row">
            <code class="address" data-test="address">${this.address}</code>
            <button class="button button--small" @click=${() => copy(this.address)}>${icon('copy')}${t('copy')}</button>
          </div>
          <p class="soft small">${t('server.addressText')}</p>
          <div class="tabs" role="group" aria-label=${t('server.language')}>
            ${Object.keys(snippets('', '', false)).map(
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
          <sz-server-requests .entries=${this.server?.log ?? []}></sz-server-requests>
        </section>
      </div>
    </div>`;
  }

  #access() {
    const {access, given} = this.server;
    return html`<section class="block">
      <fieldset class="choice choice--lines">
        <legend><h2>${t('server.access')}</h2></legend>
        ${ACCESS.map(
          (name) => html`<label
            ><input
              type="radio"
              name="access"
              data-test="access-${name}"
              .checked=${name === access}
              ?disabled=${given}
              @change=${() => this.#choose(name)}
            /><span>${t('server.access.' + name)}<br /><small class="soft">${t(`server.access.${name}.help`)}</small></span></label
          >`,
        )}
      </fieldset>
      ${when(given, () => html`<p class="notice">${t('server.given')}</p>`)}
    </section>`;
  }

  get #snippet() {
    return snippets(this.address, this.model, this.server?.access === 'key')[this.language];
  }
}
customElements.define('sz-server-page', ServerPage);

/** Tokens a second. @param {number} tokens @param {number} millis */
function rate(tokens, millis) {
  return tokens > 0 && millis > 0 ? (1000 * tokens) / millis : 0;
}
