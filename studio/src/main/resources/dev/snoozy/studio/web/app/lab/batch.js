import {live} from 'lit-html/directives/live.js';

import {html, when} from 'app/core/element.js';
import {post, remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {plural, t} from 'app/core/i18n.js';
import {cellBodies, runButtons} from 'app/lab/cell.js';
import {diffView} from 'app/lab/diff.js';
import {Experiment, common} from 'app/lab/experiment.js';
import {roundsField, seedField} from 'app/lab/setup.js';
import {columnName, lab} from 'app/lab/state.js';
import {chooseFiles} from 'app/parts/clipboard.js';
import {promptDialog} from 'app/parts/dialog.js';
import {trying} from 'app/parts/toast.js';

/** A set of prompts against columns: results as a table, compared and exported. */
class Batch extends Experiment {
  static properties = {text: {state: true}, set: {state: true}, differs: {state: true}};

  constructor() {
    super();
    this.text = '';
    this.set = '';
    this.differs = false;
  }

  /** A prompt a line; a line that is a JSON string may hold line ends. */
  get #prompts() {
    return this.text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .map((line) => {
        try {
          return line.startsWith('"') ? JSON.parse(line) : line;
        } catch {
          return line;
        }
      });
  }

  /** @param {string[]} prompts */
  #show(prompts) {
    this.text = prompts.map((p) => (/\n|^"/.test(p) ? JSON.stringify(p) : p)).join('\n');
  }

  /** @param {string} id */
  #choose(id) {
    this.set = id;
    const set = lab.sets.find((s) => s.id === id);
    if (set) {
      this.#show(set.prompts);
    }
  }

  async #save() {
    const name = await promptDialog({title: t('batch.save'), label: t('name')});
    if (name) {
      await trying(async () => {
        const set = await post('lab/prompts', {name, prompts: this.#prompts});
        await lab.load();
        this.set = set.id;
      });
    }
  }

  async #upload() {
    const [file] = await chooseFiles('.csv,.jsonl,.txt,text/*');
    if (file) {
      await trying(async () => {
        const name = file.name.replace(/\.[^.]*$/, '');
        const format = file.name.toLowerCase().endsWith('.csv') ? 'csv' : 'jsonl';
        const text = await file.text();
        const isPlain = file.name.toLowerCase().endsWith('.txt');
        const prompts = text.split('\n').filter((line) => line.trim());
        const set = await post('lab/prompts', isPlain ? {name, prompts} : {name, format, text});
        await lab.load();
        this.#choose(set.id);
      });
    }
  }

  async #delete() {
    await trying(async () => {
      await remove(`lab/prompts/${this.set}`);
      this.set = '';
      await lab.load();
    });
  }

  render() {
    const prompts = this.#prompts;
    return html`
      <form
        class="setup"
        @submit=${(e) => {
          e.preventDefault();
          this.begin({kind: 'batch', prompts, columns: lab.columns, ...common({repeat: lab.rounds})});
        }}
      >
        <div class="row row--fields">
          <label class="field grow"
            ><span>${t('batch.set')}</span>
            <select data-test="prompt-set" @change=${(e) => this.#choose(e.target.value)}>
              <option value="" ?selected=${!this.set}>${t('batch.noSet')}</option>
              ${lab.sets.map((s) => html`<option value=${s.id} ?selected=${s.id === this.set}>${s.name}</option>`)}
            </select></label
          >
          <button class="button" type="button" @click=${() => this.#upload()}>${icon('upload')}${t('batch.upload')}</button>
          <button class="button" type="button" data-test="save-set" ?disabled=${prompts.length === 0} @click=${() => this.#save()}>${t('save')}</button>
          ${when(this.set, () => html`<button class="button" type="button" @click=${() => this.#delete()}>${t('delete')}</button>`)}
        </div>
        <label class="field"
          ><span>${t('batch.prompts')}</span>
          <textarea rows="5" dir="auto" data-test="batch-prompts" .value=${live(this.text)} @input=${(e) => (this.text = e.target.value)}></textarea>
        </label>
        <sz-lab-columns></sz-lab-columns>
        <div class="row row--end">
          ${seedField()} ${roundsField()}
          <span class="soft small">${plural('batch.count', prompts.length)}</span>
          <button class="button button--main" type="submit" data-test="run" ?disabled=${this.starting || prompts.length === 0}>
            ${icon('play')}${t('lab.run')}
          </button>
        </div>
      </form>
      ${when(
        this.run,
        () => html`<div class="row">
            ${runButtons(this.run, trying, () => this.again())}
            <label class="check"
              ><input
                type="checkbox"
                data-test="differs"
                .checked=${this.differs}
                ?disabled=${this.run.run.columns.length < 2}
                @change=${(e) => (this.differs = e.target.checked)}
              /><span>${t('batch.diff')}</span></label
            >
          </div>
          ${batchTable(this.run, this.differs)}`,
      )}
    `;
  }
}
customElements.define('sz-lab-batch', Batch);

/** What differs from the first column, round by round. @param {import('app/lab/run.js').LabRun} run @param {number} column @param {number} prompt */
function differences(run, column, prompt) {
  return Array.from({length: run.rounds}, (_, round) =>
    diffView(run.cell(0, prompt, round)?.text ?? '', run.cell(column, prompt, round)?.text ?? ''),
  );
}

/**
 * The results of a batch.
 * @param {import('app/lab/run.js').LabRun} run
 * @param {boolean} differs whether each column is shown by what differs from the first
 */
export function batchTable(run, differs) {
  return html`<div class="grid-box" role="region" tabindex="0" aria-label=${t('lab.results')}>
    <table class="grid" data-test="batch-table">
      <thead>
        <tr>
          <th scope="col">${t('lab.prompt')}</th>
          ${run.run.columns.map((column, i) => html`<th scope="col">${columnName(column, i)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${run.prompts.map(
          (prompt, p) => html`<tr>
            <th scope="row" dir="auto">${prompt}</th>
            ${run.run.columns.map((_, i) => {
              return differs && i > 0
                ? html`<td>${differences(run, i, p)}</td>`
                : html`<td>${cellBodies(run, i, p)}</td>`;
            })}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
