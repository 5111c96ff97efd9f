import {html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {plural, t} from 'app/core/i18n.js';
import {adapterFields} from 'app/lab/adapters.js';
import {cellBodies, runButtons} from 'app/lab/cell.js';
import {Experiment, common} from 'app/lab/experiment.js';
import {promptFields, roundsField, seedField} from 'app/lab/setup.js';
import {lab} from 'app/lab/state.js';
import {OPTIONS, modelSelect} from 'app/parts/fields.js';
import {trying} from 'app/parts/toast.js';

const MOST_CELLS = 64;

/** Numbers of a list that somebody typed. @param {string} text */
function numbers(text) {
  return text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number)
    .filter(Number.isFinite);
}

/** One prompt over a grid of two options. */
class Sweep extends Experiment {
  static properties = {model: {state: true}, adapters: {state: true}, down: {state: true}, across: {state: true}, tokens: {state: true}};

  constructor() {
    super();
    this.model = '';
    /** @type {{name: string, scale: number}[]} */
    this.adapters = [];
    this.tokens = 80;
    this.down = {name: 'temperature', values: '0, 0.5, 1'};
    this.across = {name: 'top_p', values: '0.5, 0.9'};
  }

  get #columns() {
    const columns = [];
    for (const down of numbers(this.down.values)) {
      for (const across of numbers(this.across.values)) {
        columns.push({
          model: this.model,
          adapters: this.adapters,
          label: `${this.down.name} ${down}, ${this.across.name} ${across}`,
          options: {[this.down.name]: down, [this.across.name]: across, max_tokens: this.tokens},
        });
      }
    }
    return columns;
  }

  /** @param {'down' | 'across'} axis @param {string} label */
  #axis(axis, label) {
    const {name, values} = this[axis];
    const other = this[axis === 'down' ? 'across' : 'down'].name;
    return html`<fieldset class="row row--fields">
      <legend class="field-name">${label}</legend>
      <label class="field"
        ><span>${t('sweep.option')}</span
        ><select @change=${(e) => (this[axis] = {...this[axis], name: e.target.value})}>
          ${OPTIONS.filter((o) => o.name !== other && o.name !== 'max_tokens').map(
            (o) => html`<option value=${o.name} ?selected=${o.name === name}>${t('option.' + o.name)}</option>`,
          )}
        </select></label
      >
      <label class="field grow"
        ><span>${t('sweep.values')}</span
        ><input .value=${values} autocomplete="off" data-test="sweep-${axis}" @input=${(e) => (this[axis] = {...this[axis], values: e.target.value})}
      /></label>
    </fieldset>`;
  }

  render() {
    const columns = this.#columns;
    const fits = columns.length > 0 && columns.length <= MOST_CELLS;
    return html`
      <form
        class="setup"
        @submit=${(e) => {
          e.preventDefault();
          this.begin({kind: 'sweep', prompt: lab.prompt, columns, ...common({repeat: lab.rounds})});
        }}
      >
        ${promptFields()}
        <div class="fields">
          <label class="field"
            ><span>${t('model')}</span>${modelSelect(lab.models, this.model, (model) => (this.model = model))}</label
          >
          <label class="field"
            ><span>${t('option.max_tokens')}</span
            ><input type="number" min="1" max="4096" .value=${String(this.tokens)} @change=${(e) => (this.tokens = Number(e.target.value) || 80)}
          /></label>
        </div>
        <div class="fields">${adapterFields(this, (adapters) => (this.adapters = adapters))}</div>
        ${this.#axis('down', t('sweep.down'))} ${this.#axis('across', t('sweep.across'))}
        <div class="row row--end">
          ${seedField()} ${roundsField()}
          <span class="soft small">${fits ? plural('sweep.cells', columns.length * lab.rounds) : t('sweep.tooMany', {most: MOST_CELLS})}</span>
          <button class="button button--main" type="submit" data-test="run" ?disabled=${this.starting || !fits || !lab.prompt.trim()}>
            ${icon('play')}${t('lab.run')}
          </button>
        </div>
      </form>
      ${when(this.run, () => html`${sweepTable(this.run)}${runButtons(this.run, trying, () => this.again())}`)}
    `;
  }
}
customElements.define('sz-lab-sweep', Sweep);

/** The grid of a sweep. @param {import('app/lab/run.js').LabRun} run */
export function sweepTable(run) {
  const {columns} = run.run;
  const varied = [...new Set(columns.flatMap((c) => Object.keys(c.options)))].filter(
    (name) => new Set(columns.map((c) => c.options[name])).size > 1,
  );
  const [down, across] = varied;
  const of = (name) => [...new Set(columns.map((c) => c.options[name]))];
  const rows = down ? of(down) : [undefined];
  const cols = across ? of(across) : [undefined];
  const at = (r, c) => columns.findIndex((col) => (!down || col.options[down] === r) && (!across || col.options[across] === c));
  return html`<div class="grid-box" role="region" tabindex="0" aria-label=${t('lab.results')}>
    <table class="grid" data-test="sweep-table">
      <thead>
        <tr>
          <td></td>
          ${cols.map((c) => html`<th scope="col">${across ? `${t('option.' + across)} ${c}` : ''}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (r) => html`<tr>
            <th scope="row">${down ? `${t('option.' + down)} ${r}` : ''}</th>
            ${cols.map((c) => html`<td>${cellBodies(run, at(r, c))}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
