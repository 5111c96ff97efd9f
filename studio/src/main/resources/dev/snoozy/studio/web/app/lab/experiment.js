import {SnoozyElement} from 'app/core/element.js';
import {LabRun} from 'app/lab/run.js';
import {lab} from 'app/lab/state.js';
import {trying} from 'app/parts/toast.js';

/** A part of the laboratory that makes runs: one is shown at a time. */
export class Experiment extends SnoozyElement {
  static properties = {run: {state: true}, starting: {state: true}};

  constructor() {
    super();
    /** @type {LabRun | null} */
    this.run = null;
    this.starting = false;
    this.uses(lab);
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
