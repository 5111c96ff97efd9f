import {live} from 'lit-html/directives/live.js';

import {SnoozyElement, html, noChange, nothing, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {bytes, duration, number, t} from 'app/core/i18n.js';
import {go} from 'app/core/router.js';
import {showProblem, trying} from 'app/parts/toast.js';
import {PRESETS, tuneDraft, word} from 'app/tune/draft.js';

const MAIN = [
  {name: 'rank', min: 1, max: 4096, step: 1},
  {name: 'alpha', min: 0, max: 1e6, step: 'any'},
  {name: 'dropout', min: 0, max: 0.99, step: 'any'},
  {name: 'rate', min: 0, max: 1, step: 'any'},
  {name: 'batch', min: 1, max: 1e9, step: 1},
  {name: 'length', min: 2, max: 1048576, step: 1},
  {name: 'epochs', min: 1, max: 1e9, step: 1},
  {name: 'steps', min: 0, max: 1e9, step: 1},
  {name: 'seed', min: 0, max: 2 ** 53 - 1, step: 1},
];

const MORE = [
  {name: 'warmup', min: 0, max: 1e9, step: 1},
  {name: 'together', min: 1, max: 1048576, step: 1},
  {name: 'validation', min: 0, max: 0.5, step: 'any'},
  {name: 'evaluateEvery', min: 1, max: 1e9, step: 1},
  {name: 'saveEvery', min: 1, max: 1e9, step: 1},
  {name: 'patience', min: 0, max: 1e9, step: 1},
  {name: 'samples', min: 0, max: 64, step: 1},
  {name: 'sampleTokens', min: 1, max: 1048576, step: 1},
  {name: 'decay', min: 0, max: 0.99, step: 'any'},
  {name: 'clip', min: 0, max: 1e6, step: 'any'},
];

const MOST_SAMPLES = 64;

const WORDS = {schedule: ['constant', 'cosine'], form: ['auto', 'chat', 'gpt4all']};
const CHECKS = ['rslora', 'dora', 'exact'];

/** What a run is to be: the base, the rows, the settings; what it would take, and its beginning. */
class TuneForm extends SnoozyElement {
  static properties = {busy: {state: true}};

  constructor() {
    super();
    /** What is waited for, or "". @type {'' | 'plan' | 'begin'} */
    this.busy = '';
    this.uses(tuneDraft);
  }

  connectedCallback() {
    super.connectedCallback();
    trying(() => tuneDraft.load());
  }

  get #preset() {
    return tuneDraft.presets[tuneDraft.values.preset] ?? {};
  }

  /** Does something with the server, and says at its field what it refuses. @param {'plan' | 'begin'} what @param {() => Promise<void>} work */
  async #do(what, work) {
    if (this.busy || !this.querySelector('form').reportValidity()) {
      return;
    }
    this.busy = what;
    tuneDraft.refuse({});
    try {
      await work();
    } catch (e) {
      const field = (e.field ?? '').replace(/\[.*/, '');
      if (this.querySelector(`[data-field="${CSS.escape(field)}"]`)) {
        tuneDraft.refuse({[field]: e.message});
        this.querySelector('details').open ||= [...MORE, {name: 'schedule'}, {name: 'form'}, {name: 'sample'}].some((f) => f.name === field);
      } else {
        showProblem(e);
      }
    } finally {
      this.busy = '';
    }
  }

  render() {
    const {values, models} = tuneDraft;
    return html`<form
      class="setup"
      novalidate
      @submit=${(e) => {
        e.preventDefault();
        this.#do('begin', async () => {
          await tuneDraft.begin();
          go('tune', values.name);
        });
      }}
    >
      <div class="fields">
        <label class="field"
          ><span>${t('tune.base')}</span>
          <select required data-field="model" data-test="tune-model" @change=${(e) => tuneDraft.set({model: e.target.value})}>
            <option value="" .selected=${live(!values.model)}>${t('tune.chooseBase')}</option>
            ${models.map((m) => html`<option value=${m.name} .selected=${live(m.name === values.model)}>${m.name}</option>`)}
          </select>
          ${this.#about('model')}</label
        >
        <label class="field"
          ><span>${t('tune.preset')}</span>
          <select data-test="tune-preset" @change=${(e) => tuneDraft.set({preset: e.target.value})}>
            ${PRESETS.map((name) => html`<option value=${name} .selected=${live(name === values.preset)}>${name}</option>`)}
          </select></label
        >
        ${this.#text('name', {required: true, pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]*'})}
      </div>
      ${this.#text('data', {required: true, help: t('tune.dataHelp')})}
      <div class="fields">
        ${MAIN.map((field) => this.#number(field))}
        ${this.#text('targets', {placeholder: (this.#preset.targets ?? []).join(', '), help: t('tune.targetsHelp')})}
      </div>
      <details class="fold">
        <summary>${t('tune.more')}</summary>
        <div class="fields">
          ${MORE.map((field) => this.#number(field))} ${Object.keys(WORDS).map((name) => this.#word(name))}
          ${CHECKS.map(
            (name) => html`<label class="check"
              ><input type="checkbox" .checked=${live(values[name] === true)} @change=${(e) => tuneDraft.set({[name]: e.target.checked})} /><span
                >${t('tune.' + name)}</span
              ></label
            >`,
          )}
        </div>
        ${this.#sample()}
      </details>
      ${this.#plan()}
      <div class="row row--end">
        <button
          class="button"
          type="button"
          data-test="tune-plan"
          ?disabled=${Boolean(this.busy)}
          @click=${() => this.#do('plan', () => tuneDraft.estimate())}
        >
          ${this.busy === 'plan' ? t('tune.planning') : t('tune.plan')}
        </button>
        <button class="button button--main" type="submit" data-test="tune-begin" ?disabled=${Boolean(this.busy)}>
          ${icon('play')}${t('jobs.begin')}
        </button>
      </div>
    </form>`;
  }

  /** @param {string} name @param {string} [help] */
  #about(name, help) {
    const wrong = tuneDraft.wrong[name];
    return html`${when(help, () => html`<small class="soft" id="tune-help-${name}">${help}</small>`)}
    ${when(wrong, () => html`<small class="wrong" role="alert" id="tune-wrong-${name}" data-test="wrong-${name}">${wrong}</small>`)}`;
  }

  /** @param {string} name @param {string} [help] */
  #described(name, help) {
    const ids = [help ? `tune-help-${name}` : '', tuneDraft.wrong[name] ? `tune-wrong-${name}` : ''].filter(Boolean);
    return ids.length > 0 ? ids.join(' ') : nothing;
  }

  /** What a field shows; one that is typed in keeps what is typed. @param {string} name @param {string} text */
  #shown(name, text) {
    return this.querySelector(':focus')?.dataset.field === name ? noChange : live(text);
  }

  /** @param {string} name @param {{required?: boolean, pattern?: string, placeholder?: string, help?: string}} more */
  #text(name, {required = false, pattern, placeholder = '', help}) {
    const value = tuneDraft.values[name] ?? '';
    return html`<label class="field"
      ><span>${t('tune.' + name)}</span>
      <input
        data-field=${name}
        data-test="tune-${name}"
        ?required=${required}
        pattern=${pattern ?? nothing}
        placeholder=${placeholder}
        autocomplete="off"
        spellcheck="false"
        aria-invalid=${tuneDraft.wrong[name] ? 'true' : nothing}
        aria-describedby=${this.#described(name, help)}
        .value=${this.#shown(name, Array.isArray(value) ? value.join(', ') : value)}
        @change=${(e) => tuneDraft.set({[name]: e.target.value.trim()})}
      />
      ${this.#about(name, help)}</label
    >`;
  }

  /** @param {{name: string, min: number, max: number, step: number | 'any'}} field */
  #number({name, min, max, step}) {
    const value = tuneDraft.values[name];
    return html`<label class="field"
      ><span>${word(name)}</span>
      <input
        type="number"
        data-field=${name}
        data-test="tune-${name}"
        min=${min}
        max=${max}
        step=${step}
        placeholder=${this.#preset[name] ?? ''}
        aria-invalid=${tuneDraft.wrong[name] ? 'true' : nothing}
        aria-describedby=${this.#described(name)}
        .value=${this.#shown(name, value === undefined ? '' : String(value))}
        @change=${(e) => {
          if (e.target.reportValidity()) {
            tuneDraft.set({[name]: e.target.value === '' ? undefined : Number(e.target.value)});
          }
        }}
      />
      ${this.#about(name)}</label
    >`;
  }

  /** @param {string} name */
  #word(name) {
    const value = tuneDraft.values[name] ?? '';
    const usual = this.#preset[name];
    return html`<label class="field"
      ><span>${t('tune.' + name)}</span>
      <select data-field=${name} @change=${(e) => tuneDraft.set({[name]: e.target.value || undefined})}>
        <option value="" .selected=${live(!value)}>${usual ? t(`tune.${name}.${usual}`) : ''}</option>
        ${WORDS[name]
          .filter((word) => word !== usual)
          .map((word) => html`<option value=${word} .selected=${live(word === value)}>${t(`tune.${name}.${word}`)}</option>`)}
      </select>
      ${this.#about(name)}</label
    >`;
  }

  /** What is asked at each measurement: a question a line, typed or from a set of prompts. */
  #sample() {
    const {values, sets} = tuneDraft;
    return html`<label class="field"
        ><span>${t('tune.sample')}</span>
        <textarea
          rows="3"
          dir="auto"
          data-field="sample"
          data-test="tune-sample"
          placeholder=${t('tune.samplePlaceholder')}
          .value=${this.#shown('sample', (values.sample ?? []).join('\n'))}
          @change=${(e) => tuneDraft.set({sample: e.target.value.split('\n').map((line) => line.trim()).filter(Boolean)})}
        ></textarea>
        ${this.#about('sample')}</label
      >
      ${when(
        sets.length > 0,
        () => html`<label class="field field--short"
          ><span>${t('batch.set')}</span>
          <select
            data-test="tune-sample-set"
            .value=${live('')}
            @change=${(e) => tuneDraft.set({sample: sets.find((set) => set.id === e.target.value)?.prompts.slice(0, MOST_SAMPLES) ?? []})}
          >
            <option value="">${t('batch.noSet')}</option>
            ${sets.map((set) => html`<option value=${set.id}>${set.name}</option>`)}
          </select></label
        >`,
      )}`;
  }

  #plan() {
    const {plan} = tuneDraft;
    return html`<div role="status">
      ${when(
        plan,
        () => html`<p data-test="tune-planned">
            ${t('tune.planned', {
              steps: number(plan.steps),
              time: duration(plan.seconds),
              memory: bytes(plan.memory),
              free: plan.available === undefined ? '?' : bytes(plan.available),
            })}
          </p>
          <p class="small soft">
            ${t('tune.plannedTexts', {
              texts: number(plan.texts),
              tokens: number(plan.tokens),
              held: number(plan.validationTexts),
              parameters: number(plan.parameters),
            })}
            ${plan.truncated + plan.dropped > 0
              ? t('tune.plannedCut', {truncated: number(plan.truncated), dropped: number(plan.dropped)})
              : ''}
          </p>`,
      )}
    </div>`;
  }
}
customElements.define('sz-tune-form', TuneForm);
