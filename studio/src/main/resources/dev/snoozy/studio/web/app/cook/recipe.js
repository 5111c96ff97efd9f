import {live} from 'lit-html/directives/live.js';

import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {bytes, duration, number, t} from 'app/core/i18n.js';
import {go} from 'app/core/router.js';
import {cookDraft} from 'app/cook/state.js';
import {showProblem, trying} from 'app/parts/toast.js';

import 'app/cook/form.js';

/** A recipe by its path: what it needs, what it would take, its stages; and its beginning. */
class CookRecipe extends SnoozyElement {
  static properties = {busy: {state: true}, wrong: {state: true}};

  constructor() {
    super();
    /** What is waited for, or "". @type {'' | 'check' | 'estimate' | 'begin'} */
    this.busy = '';
    this.wrong = '';
    this.uses(cookDraft);
  }

  connectedCallback() {
    super.connectedCallback();
    trying(() => cookDraft.load());
  }

  /** @param {'check' | 'estimate' | 'begin'} what @param {() => Promise<void>} work */
  async #do(what, work) {
    if (this.busy || !cookDraft.recipe) {
      return;
    }
    this.busy = what;
    this.wrong = '';
    try {
      await work();
    } catch (e) {
      if (e.field === 'recipe') {
        this.wrong = e.message;
      } else {
        showProblem(e);
      }
    } finally {
      this.busy = '';
    }
  }

  #begin() {
    this.#do('begin', async () => {
      await cookDraft.check();
      await cookDraft.begin();
      go('cook', cookDraft.checked.name);
    });
  }

  render() {
    const {recipe, recipes} = cookDraft;
    return html`<form
        class="setup"
        novalidate
        @submit=${(e) => {
          e.preventDefault();
          this.#begin();
        }}
      >
        <label class="field"
          ><span>${t('cook.recipe')}</span>
          <input
            list="cook-recipes"
            autocomplete="off"
            spellcheck="false"
            data-test="cook-recipe"
            aria-invalid=${this.wrong ? 'true' : nothing}
            aria-describedby="cook-recipe-help"
            .value=${live(recipe)}
            @input=${(e) => cookDraft.open(e.target.value)}
            @change=${(e) => {
              cookDraft.open(e.target.value.trim());
              this.#do('check', () => cookDraft.check());
            }}
          />
          <small class="soft" id="cook-recipe-help">${t('cook.recipeHelp')}</small>
          ${when(this.wrong, () => html`<small class="wrong" role="alert" data-test="wrong-recipe">${this.wrong}</small>`)}</label
        >
        <datalist id="cook-recipes">${recipes.map((entry) => html`<option value=${entry.recipe}>${entry.name}</option>`)}</datalist>
        <div role="status">${this.#checked()}${this.#estimated()}</div>
        <div class="row row--end">
          <button
            class="button"
            type="button"
            data-test="cook-estimate"
            ?disabled=${Boolean(this.busy)}
            @click=${() =>
              this.#do('estimate', async () => {
                await cookDraft.check();
                await cookDraft.estimate();
              })}
          >
            ${this.busy === 'estimate' ? t('tune.planning') : t('tune.plan')}
          </button>
          <button class="button button--main" type="submit" data-test="cook-begin" ?disabled=${Boolean(this.busy)}>
            ${icon('play')}${t('jobs.begin')}
          </button>
        </div>
      </form>
      <details class="fold block" data-test="cook-form">
        <summary>${t('cook.form')}</summary>
        <sz-cook-form></sz-cook-form>
      </details>`;
  }

  #checked() {
    const {checked} = cookDraft;
    return when(
      checked,
      () => html`<div class="recipe" data-test="cook-checked">
        <p>${t(checked.ready ? 'cook.ready' : 'cook.notReady', {name: checked.name})}</p>
        <ul class="plain small">
          ${checked.needs.map(
            (need) => html`<li class="row">
              <span class="badge badge--${need.there ? 'good' : 'bad'}">${t(need.there ? 'cook.there' : 'cook.missing')}</span>
              <span class="grow wrap"
                >${need.path} <span class="soft">(${[need.what, need.bytes > 0 ? bytes(need.bytes) : '', need.there ? '' : need.from, need.licence].filter(Boolean).join(' · ')})</span></span
              >
            </li>`,
          )}
        </ul>
        ${stageList(checked.stages)}
      </div>`,
    );
  }

  #estimated() {
    const {estimated} = cookDraft;
    return when(estimated, () =>
      estimated.seconds === undefined
        ? html`<p>${t('cook.noEstimate')}</p>`
        : html`<div data-test="cook-estimated">
            <p>
              ${t('cook.estimated', {time: duration(estimated.seconds), memory: bytes(estimated.memory), disk: bytes(estimated.disk)})}
              <span class="soft small"
                >${t(estimated.measured ? 'cook.measured' : 'cook.reckoned', {speed: number(estimated.tokensPerSecond)})}</span
              >
            </p>
            <ul class="plain small soft">
              ${estimated.parts.map((part) => html`<li>${part.stage}: ${duration(part.seconds)} (${part.what})</li>`)}
            </ul>
          </div>`,
    );
  }
}
customElements.define('sz-cook-recipe', CookRecipe);

/**
 * The stages of a recipe with how far they are.
 * @param {{stage: string, there: boolean}[]} stages @param {any[]} [rows] what a job has told @param {string} [state] of that job
 */
export function stageList(stages, rows = [], state = '') {
  const last = rows.at(-1)?.stage;
  const told = new Map(rows.map((row) => [row.stage, row]));
  const mark = ({stage, there}) => {
    const row = told.get(stage);
    if (stage === last && state === 'running' && !row.done) {
      return ['plain', t('jobs.running')];
    }
    if (row?.done) {
      return ['good', t('cook.doneBefore')];
    }
    if (there) {
      return ['good', row || state === 'done' ? t('jobs.done') : t('cook.resultsThere')];
    }
    return ['', ''];
  };
  return html`<ol class="stages small" data-test="cook-stages">
    ${stages.map((stage) => {
      const [badge, text] = mark(stage);
      return html`<li class="row"><span class="grow">${stage.stage}</span>${when(text, () => html`<span class="badge badge--${badge}">${text}</span>`)}</li>`;
    })}
  </ol>`;
}
