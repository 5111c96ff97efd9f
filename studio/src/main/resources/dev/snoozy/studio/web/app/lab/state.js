import {get} from 'app/core/api.js';
import {Store} from 'app/core/store.js';

/** What the parts of the laboratory share: the models, the prompt sets, what was last typed. */
class LabState extends Store {
  /** @type {any[]} */
  models = [];
  /** @type {any[]} */
  sets = [];
  prompt = '';
  system = '';
  seed = 42;
  /** How often each answer is written, with seeds that follow each other. */
  rounds = 1;
  /** @type {{model: string, label: string, options: Record<string, any>}[]} */
  columns = [
    {model: '', label: '', options: {temperature: 0}},
    {model: '', label: '', options: {temperature: 1}},
  ];
  loaded = false;
  /** The run that each part of the laboratory shows. @type {Map<string, string>} */
  shown = new Map();

  async load() {
    const [models, sets] = await Promise.all([get('models'), get('lab/prompts')]);
    this.models = models.models;
    this.sets = sets.sets ?? [];
    this.loaded = true;
    this.changed();
  }

  /** @param {object} changes */
  set(changes) {
    Object.assign(this, changes);
    this.changed();
  }
}

export const lab = new LabState();

/** A column by what tells it from others. @param {{model: string, label?: string, options?: object}} column @param {number} index */
export function columnName(column, index) {
  if (column.label) {
    return column.label;
  }
  const options = Object.entries(column.options ?? {})
    .filter(([name]) => name !== 'seed' && name !== 'max_tokens')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return [column.model, options].filter(Boolean).join(' · ') || String(index + 1);
}
