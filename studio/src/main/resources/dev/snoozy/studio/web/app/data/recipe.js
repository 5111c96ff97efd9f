import {live} from 'lit-html/directives/live.js';

import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {patch, post} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {number, t} from 'app/core/i18n.js';
import {trying} from 'app/parts/toast.js';

const WAIT_MILLIS = 300;

/**
 * A recipe, edited by clicking or as text: each shows what the other does. The server says what is
 * wrong, and in which line.
 */
class RecipeElement extends SnoozyElement {
  static properties = {
    name: {attribute: false},
    data: {attribute: false},
    filters: {attribute: false},
    recipe: {state: true},
    yaml: {state: true},
    error: {state: true},
    line: {state: true},
    dirty: {state: true},
  };

  constructor() {
    super();
    this.name = '';
    /** @type {any} */
    this.data = null;
    /** @type {any[]} */
    this.filters = [];
    /** @type {any} */
    this.recipe = null;
    this.yaml = '';
    this.error = '';
    this.line = 0;
    this.dirty = false;
    this.checks = 0;
    /** What was changed and is not checked yet. @type {{yaml: string} | {recipe: any} | null} */
    this.pending = null;
  }

  willUpdate(changed) {
    if (changed.has('data') && this.data) {
      this.#take(this.data);
      this.dirty = false;
      this.pending = null;
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  get #path() {
    return `data/${encodeURIComponent(this.name)}`;
  }

  /** What is wrong leaves the last values that were right. @param {any} said */
  #take({yaml, recipe, error = '', line = 0}) {
    this.yaml = yaml;
    this.recipe = recipe ?? this.recipe;
    this.error = error;
    this.line = line;
  }

  /** @param {{yaml: string} | {recipe: any}} body */
  #check(body) {
    const number = ++this.checks;
    this.dirty = true;
    this.pending = body;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const said = await trying(() => post(`${this.#path}/check`, body));
      if (said && number === this.checks) {
        this.pending = null;
        this.#take('yaml' in body ? {...said, yaml: body.yaml} : {...said, recipe: body.recipe});
      }
    }, WAIT_MILLIS);
  }

  /** @param {(recipe: any) => void} work */
  #change(work) {
    const recipe = structuredClone(this.recipe);
    work(recipe);
    this.recipe = recipe;
    this.#check({recipe});
  }

  async #save() {
    clearTimeout(this.timer);
    this.checks++;
    const body = this.pending ?? {yaml: this.yaml};
    await trying(async () => this.tell('saved', await patch(this.#path, body)));
  }

  render() {
    return html`<div class="recipe">
      ${this.recipe ? this.#form() : html`<p class="soft">${t('data.onlyText')}</p>`}
      <section class="recipe__text">
        <label class="field"
          ><span>${t('data.asText')}</span>
          <textarea
            rows="24"
            dir="ltr"
            spellcheck="false"
            class="mono small"
            data-test="recipe-text"
            aria-invalid=${Boolean(this.error)}
            .value=${live(this.yaml)}
            @input=${(e) => {
              this.yaml = e.target.value;
              this.#check({yaml: this.yaml});
            }}
          ></textarea>
          <small class="soft">${t('data.textHelp')}</small></label
        >
        ${when(
          this.error,
          () => html`<div class="notice notice--bad" role="alert" data-test="recipe-error">
            <span class="grow">${this.error}</span>
            ${when(this.line > 0, () => html`<button class="button button--small" @click=${() => this.#showLine()}>${t('data.showLine', {line: this.line})}</button>`)}
          </div>`,
        )}
        <div class="row">
          <button class="button button--main" data-test="save-recipe" ?disabled=${!this.dirty || Boolean(this.error)} @click=${() => this.#save()}>${t('save')}</button>
          <span class="soft small" role="status" data-test="recipe-state">${this.dirty ? t('data.unsaved') : t('data.saved')}</span>
        </div>
      </section>
    </div>`;
  }

  #showLine() {
    const box = this.querySelector('[data-test=recipe-text]');
    const lines = box.value.split('\n');
    const start = lines.slice(0, this.line - 1).join('\n').length + (this.line > 1 ? 1 : 0);
    box.focus();
    box.setSelectionRange(start, start + (lines[this.line - 1]?.length ?? 0));
  }

  #form() {
    const {inputs, filters, duplicates, decontaminate, marks, split, map} = this.recipe;
    return html`<div class="recipe__form" data-test="recipe-form">
      <h3>${t('data.inputs')}</h3>
      <ul class="plain recipe__list">
        ${inputs.map((input, i) => this.#input(input, i))}
      </ul>
      <button class="button button--small" data-test="add-input" @click=${() => this.#change((r) => r.inputs.push({path: '', weight: 1}))}>${icon('plus')}${t('data.addInput')}</button>
      <h3>${t('data.filters')}</h3>
      <ul class="plain recipe__list">
        ${this.filters.map((filter) => this.#filter(filter, filters[filter.name]))}
      </ul>
      <h3>${t('data.duplicates')}</h3>
      ${this.#duplicates(duplicates || {exact: false, near: false, semantic: false})}
      <h3>${t('data.rest')}</h3>
      <label class="field"
        ><span>${t('data.decontaminate')}</span>
        <textarea rows="2" dir="ltr" spellcheck="false" .value=${live(decontaminate.join('\n'))} @change=${(e) => this.#change((r) => (r.decontaminate = lines(e.target.value)))}></textarea>
        <small class="soft">${t('data.decontaminateHelp')}</small></label
      >
      ${when(
        marks,
        () => html`<p class="row small"><span>${t('data.marks', {file: marks})}</span>
          <button class="button button--small" @click=${() => this.#change((r) => delete r.marks)}>${t('data.dropMarks')}</button></p>`,
      )}
      <div class="fields">
        ${this.#number(t('data.validation'), split.validation, 'validation', (r, value) => (r.split.validation = value))}
        ${this.#number(t('data.mapRows'), map.rows, 'map-rows', (r, value) => (r.map.rows = value))}
        ${this.#file(t('data.mapLoss'), map.loss, 'map-loss', (r, value) => setText(r.map, 'loss', value))}
      </div>
    </div>`;
  }

  /** @param {any} input @param {number} i */
  #input(input, i) {
    const text = (name, label) => html`<label class="field"
      ><span>${label}</span
      ><input dir="auto" autocomplete="off" data-test="input-${name}" .value=${live(input[name] ?? '')} @change=${(e) => this.#change((r) => setText(r.inputs[i], name, e.target.value))}
    /></label>`;
    return html`<li class="recipe__input" data-test="input">
      <div class="recipe__path">${text('path', t('data.path'))}</div>
      ${text('source', t('data.source'))} ${text('licence', t('data.licence'))}
      ${this.#number(t('data.weight'), input.weight ?? 1, 'weight', (r, value) => (r.inputs[i].weight = value))}
      <button class="icon-button" aria-label=${t('data.dropInput', {index: number(i + 1)})} title=${t('delete')} ?disabled=${this.recipe.inputs.length === 1} @click=${() => this.#change((r) => r.inputs.splice(i, 1))}>${icon('trash')}</button>
    </li>`;
  }

  /** @param {{name: string, settings: Record<string, any>}} filter @param {any} value as the recipe has it */
  #filter(filter, value) {
    const settings = Object.keys(filter.settings);
    const on = value !== false && value !== undefined;
    const set = (checked) => (r) => (r.filters[filter.name] = checked ? (settings.length > 0 ? {...filter.settings} : true) : false);
    return html`<li class="recipe__filter">
      <label class="check"
        ><input type="checkbox" data-test="filter-${filter.name}" .checked=${live(on)} @change=${(e) => this.#change(set(e.target.checked))} /><span
          ><b>${filter.name}</b> <span class="soft small">${t('data.filter.' + filter.name)}</span></span
        ></label
      >
      ${on && typeof value === 'object' && settings.length > 0
        ? html`<div class="fields">${settings.map((key) => this.#setting(filter, key, value[key] ?? filter.settings[key]))}</div>`
        : nothing}
    </li>`;
  }

  /** @param {{name: string, settings: Record<string, any>}} filter @param {string} key @param {any} value */
  #setting(filter, key, value) {
    const usual = filter.settings[key];
    if (typeof usual === 'number') {
      return this.#number(key, value, `${filter.name}-${key}`, (r, next) => (r.filters[filter.name][key] = next));
    }
    const list = Array.isArray(usual);
    return html`<label class="field"
      ><span>${key}</span
      ><input
        autocomplete="off"
        data-test="setting-${filter.name}-${key}"
        .value=${live(list ? value.join(', ') : value)}
        @change=${(e) =>
          this.#change((r) => {
            const text = e.target.value.trim();
            r.filters[filter.name][key] = list ? text.split(',').map((one) => one.trim()).filter(Boolean) : text;
          })}
    /></label>`;
  }

  /** @param {any} duplicates */
  #duplicates({exact, near, semantic}) {
    const check = (name, label, on, set) => html`<label class="check"
      ><input type="checkbox" data-test="duplicates-${name}" .checked=${live(on)} @change=${(e) => this.#change((r) => set(duplicatesOf(r), e.target.checked))} /><span>${label}</span></label
    >`;
    return html`${check('exact', t('data.exact'), Boolean(exact), (d, on) => (d.exact = on))}
      ${check('near', t('data.near'), Boolean(near), (d, on) => (d.near = on ? {prompt: 0.8, response: 0.8, both: 0.8} : false))}
      ${near && typeof near === 'object'
        ? html`<div class="fields">
            ${['prompt', 'response', 'both'].map((key) => this.#number(t('data.near.' + key), near[key] ?? 0, `near-${key}`, (r, value) => (r.duplicates.near[key] = value)))}
          </div>`
        : nothing}
      ${check('semantic', t('data.semantic'), Boolean(semantic), (d, on) => (d.semantic = on ? {cutoff: 0.1} : false))}
      ${semantic && typeof semantic === 'object'
        ? html`<div class="fields">
            ${this.#number(t('data.cutoff'), semantic.cutoff ?? 0.1, 'cutoff', (r, value) => (r.duplicates.semantic.cutoff = value))}
            ${this.#file(t('data.semanticModel'), semantic.model, 'semantic-model', (r, value) => setText(r.duplicates.semantic, 'model', value))}
          </div>`
        : nothing}`;
  }

  /** @param {string} label @param {string | undefined} value @param {string} test @param {(recipe: any, value: string) => void} set */
  #file(label, value, test, set) {
    return html`<label class="field"
      ><span>${label}</span
      ><input dir="auto" autocomplete="off" spellcheck="false" data-test="file-${test}" .value=${live(value ?? '')} @change=${(e) => this.#change((r) => set(r, e.target.value))}
    /></label>`;
  }

  /** @param {string} label @param {number} value @param {string} test @param {(recipe: any, value: number) => void} set */
  #number(label, value, test, set) {
    return html`<label class="field"
      ><span>${label}</span
      ><input type="number" step="any" data-test="number-${test}" .value=${live(String(value))} @change=${(e) => {
        if (e.target.value !== '') {
          this.#change((r) => set(r, Number(e.target.value)));
        }
      }}
    /></label>`;
  }
}
customElements.define('sz-recipe', RecipeElement);

/** @param {string} text */
function lines(text) {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}

/** @param {any} input @param {string} name @param {string} value */
function setText(input, name, value) {
  if (value.trim() || name === 'path') {
    input[name] = value.trim();
  } else {
    delete input[name];
  }
}

/** The part of duplicates, which a recipe may have switched off altogether. @param {any} recipe */
function duplicatesOf(recipe) {
  if (!recipe.duplicates || typeof recipe.duplicates !== 'object') {
    recipe.duplicates = {exact: false, near: false, semantic: false};
  }
  return recipe.duplicates;
}
