import {html} from 'app/core/element.js';
import {css} from 'app/core/css.js';
import {bytes, duration, number, t} from 'app/core/i18n.js';

/**
 * How far something is.
 * @param {{done?: number, total?: number, unit?: string, eta?: number | null}} progress
 * @param {string} [label] of what
 */
export function progressBar({done = 0, total = 0, unit = '', eta}, label = t('jobs.progress')) {
  const part = total > 0 ? Math.min(1, done / total) : 0;
  const text = total > 0 ? `${number(100 * part)} %` : t('jobs.working');
  const count = unit === 'bytes' ? `${bytes(done)} / ${bytes(total)}` : `${number(done)}/${number(total)} ${unit}`;
  return html`<div class="progress">
    <div
      class="progress__bar"
      role="progressbar"
      aria-label=${label}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.round(100 * part)}
    >
      <span ${css({width: `${100 * part}%`})}></span>
    </div>
    <span class="small soft"
      >${text}${unit && total > 0 ? ` · ${count}` : ''}${eta ? ` · ${t('jobs.eta', {time: duration(eta)})}` : ''}</span
    >
  </div>`;
}
