import {get, post} from 'app/core/api.js';
import {Store} from 'app/core/store.js';

export const PROFILES = ['harness-current', 'gpt4all-2023', 'llama.cpp'];

/** The tasks with their names in tables, in the order of the published table. */
export const TASKS = {
  boolq: 'BoolQ',
  piqa: 'PIQA',
  hellaswag: 'HellaSwag',
  winogrande: 'WinoGrande',
  arc_easy: 'ARC-e',
  arc_challenge: 'ARC-c',
  openbookqa: 'OBQA',
};

/** What a person has set up to evaluate. */
class EvaluateDraft extends Store {
  /** @type {any[]} */
  models = [];
  /** @type {{models: string[], data: string, tasks: string[], profile: string, limit: number | undefined}} */
  values = {models: [], data: '', tasks: [], profile: PROFILES[0], limit: undefined};
  /** The sets in the folder with how many items they have. @type {{task: string, items: number}[] | null} */
  sets = null;

  async load() {
    const {models} = await get('models');
    this.models = models;
    this.changed();
  }

  /** @param {Partial<EvaluateDraft['values']>} values */
  set(values) {
    this.values = {...this.values, ...values};
    this.changed();
  }

  /** Looks into the folder. */
  async look() {
    const {data} = this.values;
    this.sets = null;
    const {sets} = await post('evaluate/sets', {data});
    if (data === this.values.data) {
      this.sets = sets; // else another folder was named meanwhile
      this.changed();
    }
  }

  /** Begins a job for each model. */
  async begin() {
    const {models, limit, tasks, ...same} = this.values;
    for (const model of models) {
      await post('jobs', {kind: 'evaluate', model, ...same, ...(limit ? {limit} : {}), ...(tasks.length > 0 ? {tasks} : {})});
    }
  }
}

export const evaluateDraft = new EvaluateDraft();

/** What a row is called: by the models of this machine that it is of, else as it was called. @param {any} run */
export function runName(run) {
  return run.models?.length > 0 ? run.models.map((model) => model.name).join(' = ') : (run.model ?? run.name);
}
