import {html, nothing, when} from 'app/core/element.js';
import {number, t} from 'app/core/i18n.js';

/** Texts that were written at the measurements, if there are any. @param {any} run */
export function samples(run) {
  const measured = (run.validation ?? []).filter((entry) => entry.samples?.length > 0).reverse();
  return when(
    measured.length > 0,
    () => html`<section class="block" aria-labelledby="tune-samples" data-test="tune-samples">
      <h2 id="tune-samples">${t('tune.samples')}</h2>
      ${measured.map(
        (entry, i) => html`<details class="fold" ?open=${i === 0}>
          <summary>${t('tune.afterStep', {step: number(entry.step)})}</summary>
          ${entry.samples.map((sample) => sampleText(sample))}
        </details>`,
      )}
    </section>`,
  );
}

/** @param {any} run */
export function facts(run) {
  return html`<details class="fold">
      <summary>${t('history.facts')}</summary>
      <pre class="plain-text" tabindex="0">${JSON.stringify({folder: run.folder, ...run.request}, null, 1)}</pre>
    </details>
    ${when(
      run.job?.log?.length > 0,
      () => html`<details class="fold">
        <summary>${t('jobs.log')}</summary>
        <pre class="plain-text" tabindex="0" data-test="tune-log">${run.job.log.join('\n')}</pre>
      </details>`,
    )}`;
}

/** A text that was written, with what it answers. @param {any} sample */
function sampleText(sample) {
  const prompt = typeof sample === 'object' ? (sample.prompt ?? '') : '';
  const text = typeof sample === 'object' ? (sample.text ?? sample.response ?? sample.answer ?? '') : String(sample);
  return html`<div class="cell">
    ${prompt ? html`<p class="soft small" dir="auto">${prompt}</p>` : nothing}
    <p class="prose" dir="auto">${text}</p>
  </div>`;
}
