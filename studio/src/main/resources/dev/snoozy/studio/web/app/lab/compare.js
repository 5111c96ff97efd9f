import {html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {cellBodies, runButtons} from 'app/lab/cell.js';
import {Experiment, common} from 'app/lab/experiment.js';
import {promptFields, roundsField, seedField} from 'app/lab/setup.js';
import {columnName, lab} from 'app/lab/state.js';
import {trying} from 'app/parts/toast.js';

/** The columns of a run side by side. @param {import('app/lab/run.js').LabRun} run */
export function sideBySide(run) {
  return html`<div class="side-by-side" role="region" tabindex="0" aria-label=${t('lab.results')}>
    ${run.run.columns.map(
      (column, i) => html`<section class="cell" aria-label=${columnName(column, i)} data-test="cell">
        <h2 class="cell__head">${columnName(column, i)}</h2>
        ${cellBodies(run, i)}
      </section>`,
    )}
  </div>`;
}

/** One prompt, several models or settings, side by side. */
class Compare extends Experiment {
  #run() {
    this.begin({kind: 'compare', prompt: lab.prompt, columns: lab.columns, ...common({repeat: lab.rounds})});
  }

  render() {
    return html`
      <form
        class="setup"
        @submit=${(e) => {
          e.preventDefault();
          this.#run();
        }}
      >
        ${promptFields()}
        <sz-lab-columns></sz-lab-columns>
        <div class="row row--end">
          ${seedField()} ${roundsField()}
          <button class="button button--main" type="submit" data-test="run" ?disabled=${this.starting || !lab.prompt.trim()}>
            ${icon('play')}${t('lab.run')}
          </button>
        </div>
      </form>
      ${when(this.run, () => html`${sideBySide(this.run)}${runButtons(this.run, trying, () => this.again())}`)}
    `;
  }
}
customElements.define('sz-lab-compare', Compare);
