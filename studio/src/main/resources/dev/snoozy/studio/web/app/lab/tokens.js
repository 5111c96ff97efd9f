import {live} from 'lit-html/directives/live.js';

import {html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {adapterFields} from 'app/lab/adapters.js';
import {isOpen, statsLine} from 'app/lab/cell.js';
import {Experiment, common} from 'app/lab/experiment.js';
import {promptFields, seedField} from 'app/lab/setup.js';
import {lab} from 'app/lab/state.js';
import {OPTIONS, modelSelect, numberField} from 'app/parts/fields.js';

import 'app/tokens/view.js';

/** An answer token by token: how likely each was, and what else might have been said. */
class TokenLab extends Experiment {
  static properties = {column: {state: true}, history: {state: true}};

  constructor() {
    super();
    this.column = {model: '', label: '', options: {temperature: 0.8, max_tokens: 128}};
    /** Runs that this one was continued from. @type {any[]} */
    this.history = [];
  }

  async #run(more = {}) {
    await this.begin({kind: 'tokens', prompt: lab.prompt, columns: [this.column], ...common(), ...more});
  }

  /** @param {{index: number, token: number}} from */
  async #choose({index, token}) {
    const {id} = this.run;
    this.history = [...this.history, id];
    await this.#run({from: {run: id, cell: this.run.cell(0)?.id, index, token}});
  }

  #back() {
    const id = this.history.at(-1);
    this.history = this.history.slice(0, -1);
    import('app/lab/run.js').then(async ({LabRun}) => this.show(await LabRun.open(id)));
  }

  /** @param {any} option */
  #option(option) {
    return numberField(option, this.column.options[option.name], (value) => {
      const options = {...this.column.options, [option.name]: value};
      if (value === undefined) {
        delete options[option.name];
      }
      this.column = {...this.column, options};
    });
  }

  render() {
    const cell = this.run?.cell(0);
    return html`
      <form
        class="setup"
        @submit=${(e) => {
          e.preventDefault();
          this.history = [];
          this.#run();
        }}
      >
        ${promptFields()}
        <div class="fields">
          <label class="field"
            ><span>${t('model')}</span>${modelSelect(lab.models, live(this.column.model) && this.column.model, (model) => {
              this.column = {...this.column, model};
            })}</label
          >
          ${OPTIONS.filter((o) => ['temperature', 'max_tokens'].includes(o.name)).map((o) => this.#option(o))}
        </div>
        <div class="fields">
          ${adapterFields(this.column, (adapters) => {
            this.column = {...this.column, adapters};
          })}
        </div>
        <div class="row row--end">
          ${seedField()}
          <button class="button button--main" type="submit" data-test="run" ?disabled=${this.starting || !lab.prompt.trim()}>
            ${icon('play')}${t('lab.run')}
          </button>
        </div>
      </form>
      ${when(
        this.run,
        () => html`<section class="cell" data-test="cell" aria-label=${t('lab.results')}>
          <div class="row">
            ${when(
              this.history.length > 0,
              () => html`<button class="button button--small" @click=${() => this.#back()}>${icon('left')}${t('tokens.back')}</button>`,
            )}
            <span class="soft small">${isOpen(cell) ? t('chat.waiting') : statsLine(cell)}</span>
          </div>
          <sz-tokens .tokens=${cell?.tokens ?? []} .fixed=${isOpen(cell)} @choose=${(e) => this.#choose(e.detail)}></sz-tokens>
        </section>`,
      )}
    `;
  }
}
customElements.define('sz-lab-tokens', TokenLab);
