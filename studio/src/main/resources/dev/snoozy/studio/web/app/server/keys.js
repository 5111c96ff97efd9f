import {SnoozyElement, html, when} from 'app/core/element.js';
import {post, remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {moment, t} from 'app/core/i18n.js';
import {copy} from 'app/parts/clipboard.js';
import {confirmDialog} from 'app/parts/dialog.js';
import {trying} from 'app/parts/toast.js';

/** The keys by which programs are let in. A new one is shown once. */
class ServerKeys extends SnoozyElement {
  static properties = {keys: {attribute: false}, made: {state: true}};

  constructor() {
    super();
    /** @type {any[]} */
    this.keys = [];
    /** @type {{name: string, key: string} | null} */
    this.made = null;
  }

  #changed() {
    this.dispatchEvent(new CustomEvent('changed'));
  }

  /** @param {SubmitEvent} e */
  async #add(e) {
    e.preventDefault();
    const form = /** @type {HTMLFormElement} */ (e.target);
    const made = await trying(() => post('server/keys', {name: form.elements.name.value}));
    if (made) {
      this.made = made;
      form.reset();
      this.#changed();
    }
  }

  /** @param {any} key */
  async #remove(key) {
    const text = t('server.keys.removeText', {name: key.name});
    if (await confirmDialog({title: t('server.keys.remove'), text, action: t('server.keys.remove'), danger: true})) {
      await trying(() => remove(`server/keys/${key.id}`));
      this.#changed();
    }
  }

  render() {
    return html`<section class="block">
      <h2>${t('server.keys')}</h2>
      ${when(
        this.made,
        () => html`<div class="notice" role="status">
          <p>${t('server.keys.once', {name: this.made.name})}</p>
          <div class="row">
            <code class="address" data-test="new-key">${this.made.key}</code>
            <button class="button button--small" @click=${() => copy(this.made.key)}>${icon('copy')}${t('copy')}</button>
            <button class="icon-button" aria-label=${t('close')} @click=${() => (this.made = null)}>${icon('close')}</button>
          </div>
        </div>`,
      )}
      ${this.keys.length > 0
        ? html`<ul class="plain" data-test="keys">
          ${this.keys.map(
            (key) => html`<li class="row row--between">
              <span
                >${key.name}
                <span class="soft small"
                  >${t('server.keys.created', {time: moment(key.created)})} ·
                  ${key.lastUsed ? t('server.keys.used', {time: moment(key.lastUsed)}) : t('server.keys.unused')}</span
                ></span
              >
              <button
                class="icon-button"
                aria-label=${t('server.keys.removeNamed', {name: key.name})}
                title=${t('server.keys.remove')}
                @click=${() => this.#remove(key)}
              >
                ${icon('trash')}
              </button>
            </li>`,
          )}
        </ul>`
        : html`<p class="soft">${t('server.keys.none')}</p>`}
      <form class="row" @submit=${this.#add}>
        <input
          class="grow"
          name="name"
          data-test="key-name"
          required
          maxlength="80"
          autocomplete="off"
          aria-label=${t('server.keys.name')}
          placeholder=${t('server.keys.name')}
        />
        <button class="button" type="submit" data-test="add-key">${icon('plus')}${t('server.keys.add')}</button>
      </form>
    </section>`;
  }
}
customElements.define('sz-server-keys', ServerKeys);
