import {get, post} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {Store} from 'app/core/store.js';

/** The presets, in the order in which they are shown. */
export const PRESETS = ['snoozy', 'gpt4all-lora'];

/** The name of a setting. @param {string} name */
export function word(name) {
  return t({model: 'tune.base', seed: 'option.seed', samples: 'tune.sampleCount'}[name] ?? `tune.${name}`);
}

/** What a person has set up for a run; an empty field is as the preset has it. */
class TuneDraft extends Store {
  /** @type {any[]} */
  models = [];
  /** @type {Record<string, Record<string, any>>} */
  presets = {};
  /** The sets of prompts of the laboratory. @type {any[]} */
  sets = [];
  /** @type {Record<string, any>} */
  values = {preset: PRESETS[0], model: '', data: '', name: ''};
  /** What a run of these settings would take. @type {any} */
  plan = null;
  /** What is wrong with a field, by its name. @type {Record<string, string>} */
  wrong = {};

  async load() {
    const [{models}, presets, {sets = []}] = await Promise.all([get('models'), get('tune/presets'), get('lab/prompts')]);
    this.models = models;
    this.presets = presets;
    this.sets = sets;
    this.changed();
  }

  /** @param {Record<string, any>} values */
  set(values) {
    this.#become({...this.values, ...values});
  }

  /** Whatever was said of the values before counts no more. @param {Record<string, any>} values */
  #become(values) {
    this.values = values;
    this.plan = null;
    this.refuse({});
  }

  /** @param {Record<string, string>} wrong */
  refuse(wrong) {
    this.wrong = wrong;
    this.changed();
  }

  /** The settings of another run, under another name. @param {Record<string, any>} request */
  take(request) {
    const {resume, kind, ...settings} = request;
    this.#become({...settings, preset: settings.preset ?? PRESETS[0], name: `${settings.name}-2`});
  }

  /** The settings of a recipe. @param {string} recipe its whole path @returns {Promise<any>} what the server says of it */
  async fill(recipe) {
    const told = await post('tune/recipe', {recipe});
    const {text, ...values} = told;
    this.#become({model: '', data: '', ...values});
    return told;
  }

  /** As the server wants it: without what is as the preset has it. */
  get request() {
    const {targets, sample, ...values} = this.values;
    const given = Object.entries(values).filter(([, value]) => value !== '' && value !== undefined && value !== false);
    const names = Array.isArray(targets) ? targets : (targets ?? '').split(/[\s,]+/).filter(Boolean);
    return {...Object.fromEntries(given), ...(names.length > 0 ? {targets: names} : {}), ...(sample?.length > 0 ? {sample} : {})};
  }

  async estimate() {
    const {request} = this;
    const plan = await post('tune/plan', request);
    if (JSON.stringify(request) === JSON.stringify(this.request)) {
      this.plan = plan; // else something was changed meanwhile
      this.changed();
    }
  }

  /** Begins a run. @returns {Promise<any>} the job */
  begin() {
    return post('jobs', {kind: 'tune', ...this.request});
  }
}

export const tuneDraft = new TuneDraft();
