import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {showProblem, trying} from 'app/parts/toast.js';
import {tuneDraft, word} from 'app/tune/draft.js';

/** What is told of a recipe beside its settings. */
const OTHERS = ['name', 'preset', 'model', 'data', 'text'];

/** A setting in a few words. @param {string} name @param {any} value */
function setting(name, value) {
  if (value === true) {
    return word(name);
  }
  const shown = ['schedule', 'form'].includes(name) ? t(`tune.${name}.${value}`) : [value].flat().join(', ');
  return `${word(name)}: ${shown}`;
}

/** Fills the form from a recipe: one that was written here, or another by its path. */
class TuneRecipe extends SnoozyElement {
  static properties = {recipes: {state: true}, busy: {state: true}, wrong: {state: true}, told: {state: true}};

  constructor() {
    super();
    /** Those that were written here. @type {{name: string, recipe: string}[]} */
    this.recipes = [];
    this.busy = false;
    this.wrong = '';
    /** What the form was filled with. @type {any} */
    this.told = null;
  }

  connectedCallback() {
    super.connectedCallback();
    trying(async () => {
      const {recipes} = await get('cook/recipes');
      this.recipes = recipes;
    });
  }

  async #fill() {
    const recipe = this.querySelector('input').value.trim();
    if (this.busy || !recipe) {
      return;
    }
    Object.assign(this, {busy: true, wrong: '', told: null});
    try {
      this.told = await tuneDraft.fill(recipe);
    } catch (e) {
      if (e.field === 'recipe') {
        this.wrong = e.message;
      } else {
        showProblem(e);
      }
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<form
      class="setup"
      @submit=${(e) => {
        e.preventDefault();
        this.#fill();
      }}
    >
      <div class="field">
        <label class="small soft" for="tune-recipe">${t('tune.recipe')}</label>
        <div class="row path">
          <input
            id="tune-recipe"
            list="tune-recipes"
            autocomplete="off"
            spellcheck="false"
            data-test="tune-recipe"
            aria-invalid=${this.wrong ? 'true' : nothing}
            aria-describedby=${this.wrong ? 'tune-recipe-help tune-recipe-wrong' : 'tune-recipe-help'}
            @input=${() => {
              this.wrong = '';
            }}
          />
          <button class="button" type="submit" data-test="tune-fill" ?disabled=${this.busy}>
            ${this.busy ? t('tune.filling') : t('tune.fill')}
          </button>
        </div>
        <datalist id="tune-recipes">${this.recipes.map((entry) => html`<option value=${entry.recipe}>${entry.name}</option>`)}</datalist>
        <small class="soft" id="tune-recipe-help">${t('cook.recipeHelp')}</small>
        ${when(
          this.wrong,
          () => html`<small class="wrong" role="alert" id="tune-recipe-wrong" data-test="wrong-recipe">${this.wrong}</small>`,
        )}
        <div role="status" data-test="tune-filled">${when(this.told, () => this.#filled())}</div>
      </div>
    </form>`;
  }

  #filled() {
    const {preset, text} = this.told;
    const settings = Object.entries(this.told).filter(([field]) => !OTHERS.includes(field));
    return html`<div class="filled">
      <p>${t('tune.filled', {preset})}</p>
      ${when(
        settings.length > 0,
        () => html`<p class="small soft">${settings.map(([field, value]) => setting(field, value)).join(' · ')}</p>`,
      )}
      ${when(text, () => html`<p class="notice notice--warn" data-test="tune-lacks">${text}</p>`)}
    </div>`;
  }
}
customElements.define('sz-tune-recipe', TuneRecipe);
