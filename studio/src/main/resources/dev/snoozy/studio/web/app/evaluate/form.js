import {live} from 'lit-html/directives/live.js';

import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {number, t} from 'app/core/i18n.js';
import {PROFILES, TASKS, evaluateDraft} from 'app/evaluate/state.js';
import {notices, showProblem, trying} from 'app/parts/toast.js';

const FIELDS = ['model', 'data', 'tasks', 'profile', 'limit'];

/** What is to be evaluated: models, the folder of the sets, tasks, the protocol. */
class EvaluateForm extends SnoozyElement {
  static properties = {busy: {state: true}, wrong: {state: true}};

  constructor() {
    super();
    this.busy = false;
    /** What is wrong with a field, by its name. @type {Record<string, string>} */
    this.wrong = {};
    this.uses(evaluateDraft);
  }

  connectedCallback() {
    super.connectedCallback();
    trying(() => evaluateDraft.load());
  }

  /** Does something with the server, and says at its field what it refuses. @param {() => Promise<void>} work */
  async #do(work) {
    this.busy = true;
    this.wrong = {};
    try {
      await work();
    } catch (e) {
      const field = (e.field ?? '').replace(/\[.*/, '');
      if (FIELDS.includes(field)) {
        this.wrong = {[field]: e.message};
      } else {
        showProblem(e);
      }
    } finally {
      this.busy = false;
    }
  }

  #begin() {
    if (evaluateDraft.values.models.length === 0) {
      this.wrong = {model: t('evaluate.noModel')};
      return;
    }
    if (!this.querySelector('form').reportValidity()) {
      return;
    }
    this.#do(async () => {
      await evaluateDraft.begin();
      notices.show({text: t('jobs.begun')});
      this.tell('begun');
    });
  }

  render() {
    const {values, models, sets} = evaluateDraft;
    return html`<form
      class="setup"
      novalidate
      @submit=${(e) => {
        e.preventDefault();
        if (!this.busy) {
          this.#begin();
        }
      }}
    >
      <fieldset class="choices" data-field="model" data-test="evaluate-models">
        <legend>${t('evaluate.models')}</legend>
        ${models.map((model) => this.#check('models', model.name, model.name))}
        ${when(models.length === 0, () => html`<small class="soft">${t('evaluate.noModels')}</small>`)}
        ${this.#wrong('model')}
      </fieldset>
      <label class="field"
        ><span>${t('evaluate.data')}</span>
        <input
          required
          autocomplete="off"
          spellcheck="false"
          data-test="evaluate-data"
          aria-invalid=${this.wrong.data ? 'true' : nothing}
          aria-describedby="evaluate-data-help"
          .value=${live(values.data)}
          @input=${(e) => evaluateDraft.set({data: e.target.value})}
          @change=${(e) => {
            evaluateDraft.set({data: e.target.value.trim(), tasks: []});
            this.#do(() => evaluateDraft.look());
          }}
        />
        <small class="soft" id="evaluate-data-help">${t('evaluate.dataHelp')}</small>
        ${this.#wrong('data')}</label
      >
      ${when(
        sets,
        () => html`<fieldset class="choices" data-test="evaluate-tasks">
          <legend>${t('evaluate.tasks')}</legend>
          ${sets.map(({task, items}) => this.#check('tasks', task, `${TASKS[task]} (${number(items)})`))}
          ${this.#wrong('tasks')}
        </fieldset>`,
      )}
      <div class="fields">
        <label class="field"
          ><span>${t('evaluate.profile')}</span>
          <select data-test="evaluate-profile" @change=${(e) => evaluateDraft.set({profile: e.target.value})}>
            ${PROFILES.map((name) => html`<option value=${name} .selected=${live(name === values.profile)}>${name}</option>`)}
          </select>
          <small class="soft">${t(`evaluate.profile.${values.profile}`)}</small>
          ${this.#wrong('profile')}</label
        >
        <label class="field"
          ><span>${t('evaluate.limit')}</span>
          <input
            type="number"
            min="1"
            step="1"
            max="1000000000"
            data-test="evaluate-limit"
            placeholder=${t('evaluate.allItems')}
            .value=${live(values.limit === undefined ? '' : String(values.limit))}
            @change=${(e) => evaluateDraft.set({limit: e.target.value === '' ? undefined : Number(e.target.value)})}
          />
          ${this.#wrong('limit')}</label
        >
      </div>
      <div class="row row--end">
        <button class="button button--main" type="submit" data-test="evaluate-begin" ?disabled=${this.busy}>
          ${icon('play')}${t('jobs.begin')}
        </button>
      </div>
    </form>`;
  }

  /** @param {'models' | 'tasks'} list @param {string} value @param {string} text */
  #check(list, value, text) {
    const chosen = evaluateDraft.values[list];
    return html`<label class="check"
      ><input
        type="checkbox"
        .checked=${live(chosen.includes(value))}
        @change=${(e) => {
          this.wrong = {};
          const rest = chosen.filter((name) => name !== value);
          evaluateDraft.set({[list]: e.target.checked ? [...rest, value] : rest});
        }}
      /><span class="wrap">${text}</span></label
    >`;
  }

  /** @param {string} name */
  #wrong(name) {
    return when(this.wrong[name], () => html`<small class="wrong" role="alert" data-test="wrong-${name}">${this.wrong[name]}</small>`);
  }
}
customElements.define('sz-evaluate-form', EvaluateForm);
