import {html, when} from 'app/core/element.js';
import {post, remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';

/** The states of a job that is not over. */
export const ACTIVE = ['queued', 'running'];
const STOPPED = ['failed', 'cancelled', 'interrupted', 'paused'];
const BADGES = {done: 'good', failed: 'bad', interrupted: 'warn', paused: 'warn'};

/** @param {any} job */
export function stateBadge(job) {
  return html`<span class="badge badge--${BADGES[job.state] ?? 'plain'}" data-test="job-state">${t('jobs.' + job.state)}</span>`;
}

/**
 * What can be done with a job.
 * @param {any} job @param {(work: () => Promise<any>) => void} run does it
 */
export function jobButtons(job, run) {
  const id = encodeURIComponent(job.id);
  const active = ACTIVE.includes(job.state);
  const goesOn = job.goesOn && STOPPED.includes(job.state);
  const button = (test, sign, text, verb) =>
    html`<button class="button button--small" data-test=${test} @click=${() => run(() => post(`jobs/${id}/${verb}`))}>${icon(sign)}${text}</button>`;
  return html`<div class="row">
    ${when(active && job.goesOn, () => button('pause', 'pause', t('jobs.pause'), 'pause'))}
    ${when(active, () => button('cancel', 'stop', t('cancel'), 'cancel'))}
    ${when(goesOn, () => button('resume', 'play', t('jobs.resume'), 'resume'))}
    ${when(!goesOn && STOPPED.includes(job.state), () => button('retry', 'redo', t('jobs.retry'), 'retry'))}
    ${when(
      !active,
      () => html`<button
        class="icon-button"
        aria-label=${t('jobs.remove', {title: job.title})}
        title=${t('delete')}
        @click=${() => run(() => remove(`jobs/${id}`))}
      >
        ${icon('trash')}
      </button>`,
    )}
  </div>`;
}
