import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {place} from 'app/core/router.js';
import {Poll} from 'app/core/poll.js';
import {jobButtons, stateBadge} from 'app/jobs/actions.js';
import {progressBar} from 'app/parts/progress.js';
import {trying} from 'app/parts/toast.js';

const POLL_MILLIS = 1000;
const KINDS = ['pull', 'import'];
const SHOWN = ['queued', 'running', 'paused', 'interrupted', 'failed'];

/** The models that are on their way here, with how far they are. Tells `arrived` of each. */
class Downloads extends SnoozyElement {
  static properties = {jobs: {state: true}};

  constructor() {
    super();
    /** @type {any[]} */
    this.jobs = [];
    /** Those that were seen on their way. @type {Set<string>} */
    this.expected = new Set();
    this.poll = new Poll(this, () => this.load(), POLL_MILLIS);
  }

  /** Looks now. */
  async load() {
    const jobs = (await get('jobs')).jobs.filter((job) => KINDS.includes(job.kind));
    for (const job of jobs) {
      if (job.state === 'done' && this.expected.delete(job.id)) {
        this.tell('arrived', job.id);
      } else if (job.state === 'queued' || job.state === 'running') {
        this.expected.add(job.id);
      }
    }
    this.jobs = jobs.filter((job) => SHOWN.includes(job.state));
  }

  /** Waits for a job that may be over before it is seen. @param {string} id */
  expect(id) {
    this.expected.add(id);
    return this.load();
  }

  render() {
    return when(
      this.jobs.length > 0,
      () => html`<section class="block" aria-labelledby="downloads-title" data-test="downloads">
        <h2 id="downloads-title">${t('downloads.title')}</h2>
        <ul class="plain jobs">
          ${this.jobs.map((job) => this.#job(job))}
        </ul>
      </section>`,
    );
  }

  /** @param {any} job */
  #job(job) {
    return html`<li class="download" data-test="download">
      <div class="row">
        <a class="grow card__name" href=${place('jobs', job.id)}>${job.title}</a>
        ${stateBadge(job)}
      </div>
      ${job.error ? html`<p class="bad small">${job.error}</p>` : nothing} ${progressBar(job.progress ?? {}, job.title)}
      ${jobButtons(job, async (work) => {
        await trying(work);
        await trying(() => this.load());
      })}
    </li>`;
  }
}
customElements.define('sz-downloads', Downloads);
