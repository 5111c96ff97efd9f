import {get} from 'app/core/api.js';
import {Store} from 'app/core/store.js';
import {showProblem} from 'app/parts/toast.js';

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
  /** @type {{model: string, label: string, options: Record<string, any>, adapters?: {name: string, scale: number}[]}[]} */
  columns = [
    {model: '', label: '', options: {temperature: 0}},
    {model: '', label: '', options: {temperature: 1}},
  ];
  loaded = false;
  /** The adapters, as each model sees them. @type {Map<string, any[]>} */
  adapters = new Map();
  /** The run that each part of the laboratory shows. @type {Map<string, string>} */
  shown = new Map();

  async load() {
    const [models, sets] = await Promise.all([get('models'), get('lab/prompts')]);
    this.models = models.models;
    this.sets = sets.sets ?? [];
    this.adapters = new Map();
    this.loaded = true;
    this.changed();
  }

  /** The adapters beside a model; they come when they are first asked for. @param {string} model "" for whichever answers */
  adaptersOf(model) {
    const name = model || (this.models.find((m) => m.loaded) ?? this.models[0])?.name;
    if (!name) {
      return [];
    }
    if (!this.adapters.has(name)) {
      this.adapters.set(name, []);
      get(`lab/adapters?model=${encodeURIComponent(name)}`).then(({adapters}) => {
        this.adapters.set(name, adapters);
        this.changed();
      }, showProblem);
    }
    return this.adapters.get(name);
  }

  /** @param {object} changes */
  set(changes) {
    Object.assign(this, changes);
    this.changed();
  }
}

export const lab = new LabState();

/** A column by what tells it from others. @param {{model: string, label?: string, options?: object, adapters?: any[]}} column @param {number} index */
export function columnName(column, index) {
  if (column.label) {
    return column.label;
  }
  const options = Object.entries(column.options ?? {})
    .filter(([name]) => name !== 'seed' && name !== 'max_tokens')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const adapters = (column.adapters ?? []).map(({name, scale}) => (scale === 1 ? name : `${name} × ${scale}`));
  const model = [column.model, ...adapters].filter(Boolean).join(' + ');
  return [model, options].filter(Boolean).join(' · ') || String(index + 1);
}
