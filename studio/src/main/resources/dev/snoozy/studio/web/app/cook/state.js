import {get, post} from 'app/core/api.js';
import {Store} from 'app/core/store.js';

/** A recipe that is looked at, and what a person has set up for another. */
class CookDraft extends Store {
  /** @type {any[]} */
  models = [];
  /** Names of mixtures. @type {string[]} */
  types = [];
  /** Recipes that were written here. @type {{name: string, recipe: string}[]} */
  recipes = [];
  /** The whole path of the recipe that is looked at. */
  recipe = '';
  /** What it needs, and its stages. @type {any} */
  checked = null;
  /** What it would take. @type {any} */
  estimated = null;
  /** @type {Record<string, any>} */
  values = {name: '', base: '', data: '', sets: '', prompts: '', preset: 'snoozy', profile: 'harness-current', tasks: [], quantize: ['Q8_0'], decontaminate: true};

  async load() {
    const [{models}, {types}, {recipes}] = await Promise.all([get('models'), get('cook/types'), get('cook/recipes')]);
    Object.assign(this, {models, types, recipes});
    this.changed();
  }

  /** @param {Record<string, any>} values */
  set(values) {
    this.values = {...this.values, ...values};
    this.changed();
  }

  /** @param {string} recipe */
  open(recipe) {
    Object.assign(this, {recipe, checked: null, estimated: null});
    this.changed();
  }

  async check() {
    const {recipe} = this;
    const checked = await post('cook/check', {recipe});
    if (recipe === this.recipe) {
      this.checked = checked; // else another was named meanwhile
      this.changed();
    }
  }

  async estimate() {
    const {recipe} = this;
    const estimated = await post('cook/estimate', {recipe});
    if (recipe === this.recipe) {
      this.estimated = estimated;
      this.changed();
    }
  }

  /** @returns {Promise<any>} the job */
  begin() {
    return post('jobs', {kind: 'cook', recipe: this.recipe});
  }

  /** Writes what is set up as a file, and opens that. */
  async write() {
    const lines = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);
    const {data, prompts, ...values} = this.values;
    const given = Object.entries(values)
      .map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value])
      .filter(([, value]) => value !== '' && value !== undefined);
    const {recipe} = await post('cook/recipes', {...Object.fromEntries(given), data: lines(data), prompts: lines(prompts)});
    this.open(recipe);
    await this.load();
    await this.check();
  }
}

export const cookDraft = new CookDraft();
