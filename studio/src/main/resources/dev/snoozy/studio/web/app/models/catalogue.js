import {SnoozyElement, html, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {bytes, number, t} from 'app/core/i18n.js';
import {marked, pull} from 'app/models/begin.js';
import {fitLine, suggested} from 'app/models/fit.js';
import {trying} from 'app/parts/toast.js';

const PURPOSES = ['chat', 'code', 'reasoning', 'languages', 'search', 'small'];

/** Well-known models, with what each number format of them needs; the server knows them by heart. */
class Catalogue extends SnoozyElement {
  static properties = {models: {state: true}, purpose: {state: true}, fitting: {state: true}, chosen: {state: true}};

  constructor() {
    super();
    /** @type {any[]} */
    this.models = [];
    this.purpose = '';
    this.fitting = false;
    /** The number formats that were chosen, by repository. @type {Record<string, string>} */
    this.chosen = {};
  }

  async connectedCallback() {
    super.connectedCallback();
    this.models = (await trying(() => get('catalogue')))?.models ?? [];
  }

  get #shown() {
    return this.models.filter(
      (model) =>
        (!this.purpose || model.purposes.includes(this.purpose)) &&
        (!this.fitting || model.offers.some((offer) => offer.fit?.fits !== false)),
    );
  }

  /** @param {any} offer */
  async #pull(offer) {
    const job = await pull(offer.reference);
    if (job) {
      this.tell('pulled', job.id);
    }
  }

  /** Something is here now. @param {string} reference */
  mark(reference) {
    this.models = this.models.map((model) => ({...model, offers: marked(model.offers, reference)}));
  }

  render() {
    return html`<section class="block" aria-labelledby="catalogue-title" data-test="catalogue">
      <h2 id="catalogue-title">${t('hub.catalogue')}</h2>
      <p class="soft small">${t('hub.catalogueNote')}</p>
      <div class="row row--between">
        <div class="tabs" role="group" aria-label=${t('hub.purposes')}>
          ${['', ...PURPOSES].map(
            (purpose) => html`<button class="tab" aria-pressed=${this.purpose === purpose} data-test="purpose-${purpose || 'all'}" @click=${() => (this.purpose = purpose)}>
              ${purpose ? t('hub.purpose.' + purpose) : t('hub.all')}
            </button>`,
          )}
        </div>
        <label class="check"
          ><input type="checkbox" .checked=${this.fitting} data-test="only-fitting" @change=${(e) => (this.fitting = e.target.checked)} /><span
            >${t('hub.onlyFitting')}</span
          ></label
        >
      </div>
      ${when(this.models.length > 0 && this.#shown.length === 0, () => html`<p class="soft">${t('hub.nothing')}</p>`)}
      <ul class="plain cards">
        ${this.#shown.map((model) => this.#card(model))}
      </ul>
    </section>`;
  }

  /** @param {any} model */
  #card(model) {
    const wanted = this.chosen[model.repository];
    const offer = model.offers.find((o) => o.quantization === wanted) ?? suggested(model.offers);
    return html`<li class="card" data-test="catalogue-card">
      <h3 class="card__name">${model.title}</h3>
      <p class="soft small">
        ${[
          model.purposes.map((purpose) => t('hub.purpose.' + purpose)).join(', '),
          t('models.context', {count: number(model.contextLength)}),
          t('hub.license', {name: model.license}),
        ].join(' · ')}
      </p>
      <p class="soft small card__place">${model.repository}</p>
      ${fitLine(offer.fit)}
      <div class="row card__foot">
        <select
          class="grow"
          aria-label=${t('hub.quantizationOf', {name: model.title})}
          @change=${(e) => (this.chosen = {...this.chosen, [model.repository]: e.target.value})}
        >
          ${model.offers.map(
            (o) => html`<option value=${o.quantization} ?selected=${o === offer}>${o.quantization} · ${bytes(o.bytes)}</option>`,
          )}
        </select>
        <button
          class="button button--small"
          ?disabled=${offer.here}
          aria-label=${`${offer.here ? t('hub.here') : t('hub.pull')}: ${model.title}`}
          data-test="catalogue-pull"
          @click=${() => this.#pull(offer)}
        >
          ${icon(offer.here ? 'check' : 'download')}${offer.here ? t('hub.here') : t('hub.pull')}
        </button>
      </div>
    </li>`;
  }
}
customElements.define('sz-catalogue', Catalogue);
