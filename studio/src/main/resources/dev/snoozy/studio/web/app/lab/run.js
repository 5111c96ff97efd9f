import {ask, events, get, post, remove} from 'app/core/api.js';
import {Store} from 'app/core/store.js';
import {download} from 'app/parts/clipboard.js';
import {showProblem} from 'app/parts/toast.js';

const FIRST_WAIT_MILLIS = 300;
const LONGEST_WAIT_MILLIS = 4000;

/**
 * A run of the laboratory: prompts against columns of models and settings, made by the server and
 * followed here. It stays recorded, so that it can be repeated exactly.
 */
export class LabRun extends Store {
  /** @param {string} id */
  constructor(id) {
    super();
    this.id = id;
    /** @type {any} */
    this.run = {id, kind: '', state: 'running', columns: [], prompts: []};
    /** @type {any[]} */
    this.cells = [];
    this.loaded = false;
    this.stopping = new AbortController();
  }

  /** Begins a run. @param {object} spec @returns {Promise<LabRun>} */
  static async start(spec) {
    const {id} = await post('lab/runs', spec);
    return LabRun.open(id);
  }

  /** Opens a run that is recorded. @param {string} id */
  static async open(id) {
    const run = new LabRun(id);
    await run.load();
    if (run.isRunning) {
      run.#follow();
    }
    return run;
  }

  async load() {
    const {cells = [], ...run} = await get(`lab/runs/${this.id}`);
    this.run = run;
    this.cells = cells.map((cell) => ({text: '', reasoning: '', ...cell}));
    this.loaded = true;
    this.changed();
  }

  get isRunning() {
    return this.run.state === 'running' || this.run.state === 'queued';
  }

  /** The prompts, also where there is only one. @returns {string[]} */
  get prompts() {
    return this.run.prompts?.length > 0 ? this.run.prompts : [this.run.prompt ?? ''];
  }

  /** How often each answer is written. */
  get rounds() {
    return this.run.rounds ?? 1;
  }

  /** @param {number} column @param {number} [prompt] @param {number} [round] */
  cell(column, prompt = 0, round = 0) {
    return this.cells.find(
      (cell) => cell.column === column && (cell.prompt ?? 0) === prompt && (cell.round ?? 0) === round,
    );
  }

  leave() {
    this.stopping.abort();
  }

  stop() {
    return post(`lab/runs/${this.id}/stop`);
  }

  /** The same again, as a run of its own. */
  async repeat() {
    const {id} = await post(`lab/runs/${this.id}/repeat`);
    return id;
  }

  delete() {
    return remove(`lab/runs/${this.id}`);
  }

  /** @param {'csv' | 'jsonl'} format */
  async export(format) {
    const answer = await ask('GET', `lab/runs/${this.id}/export?format=${format}`);
    download(`run-${this.id}.${format}`, await answer.blob());
  }

  async #follow() {
    let wait = FIRST_WAIT_MILLIS;
    while (!this.stopping.signal.aborted) {
      try {
        for await (const {event, data} of events(`lab/runs/${this.id}/events`, this.stopping.signal)) {
          wait = FIRST_WAIT_MILLIS;
          if (event === 'done') {
            await this.load();
            return;
          }
          this.#take(event, data);
        }
      } catch (e) {
        if (this.stopping.signal.aborted) {
          return;
        }
        if (e.status) {
          showProblem(e);
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
      await this.load().catch(() => {});
      if (!this.isRunning) {
        return;
      }
    }
  }

  /** @param {string} event @param {any} data */
  #take(event, data) {
    const key = typeof data.cell === 'object' ? data.cell : data;
    const id = typeof data.cell === 'object' ? data.cell.id : (data.cell ?? data.id);
    let cell = this.cells.find((c) => c.id === id);
    if (!cell) {
      cell = {id, text: '', reasoning: ''};
      this.cells.push(cell);
    }
    if (event === 'cell') {
      const delta = typeof data.delta === 'string' ? {content: data.delta} : (data.delta ?? {});
      cell.text += delta.content ?? '';
      cell.reasoning += delta.reasoning ?? '';
      cell.state = 'running';
    } else if (event === 'token') {
      cell.tokens = [...(cell.tokens ?? []), data.token ?? data];
    } else if (event === 'cellDone') {
      Object.assign(cell, key, {id});
    } else if (event === 'state') {
      this.cells = (data.cells ?? this.cells).map((c) => ({text: '', reasoning: '', ...c}));
    }
    this.changed();
  }
}
