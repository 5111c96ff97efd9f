import {ApiError} from 'app/core/api.js';
import {SnoozyElement} from 'app/core/element.js';
import {LabRun} from 'app/lab/run.js';
import {lab} from 'app/lab/state.js';
import {showProblem, trying} from 'app/parts/toast.js';

/** A part of the laboratory that makes runs: one is shown at a time, also when a person comes back from elsewhere. */
export class Experiment extends SnoozyElement {
  static properties = {run: {state: true}, starting: {state: true}};

  constructor() {
    super();
    /** @type {LabRun | null} */
    this.run = null;
    this.starting = false;
    this.uses(lab);
  }

  connectedCallback() {
    super.connectedCallback();
    this.reopen();
  }

  /** Shows what was shown when the person left. */
  async reopen() {
    const id = lab.shown.get(this.localName);
    if (!id) {
      return;
    }
    try {
      const run = await LabRun.open(id);
      if (this.isConnected && !this.run) {
        this.show(run);
      } else {
        run.leave();
      }
    } catch (e) {
      lab.shown.delete(this.localName);
      if (!(e instanceof ApiError && e.status === 404)) {
        showProblem(e); // else it was deleted meanwhile
      }
    }
  }

  /** Begins a run and shows it. @param {object} spec */
  async begin(spec) {
    if (this.starting) {
      return;
    }
    this.starting = true;
    const run = await trying(() => LabRun.start(spec));
    this.starting = false;
    if (run) {
      this.show(run);
    }
  }

  /** Shows the run that is shown once more, with the same seeds: the texts must be the same. */
  async again() {
    const run = await trying(async () => LabRun.open(await this.run.repeat()));
    if (run) {
      this.show(run);
    }
  }

  /** @param {LabRun | null} run */
  show(run) {
    if (this.run) {
      this.run.leave();
      this.forgets(this.run);
    }
    this.run = run;
    if (run) {
      lab.shown.set(this.localName, run.id);
      this.uses(run);
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.run?.leave();
  }
}

/** What every run is told of. @param {{repeat?: number}} [more] */
export function common(more = {}) {
  return {...more, ...(lab.system.trim() ? {system: lab.system} : {}), seed: lab.seed};
}
