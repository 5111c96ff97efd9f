import {html, nothing} from 'app/core/element.js';
import {bytes, t} from 'app/core/i18n.js';

/** Whether a model fits into memory, in words. @param {any} fit */
export function fitLine(fit) {
  if (fit?.fits === undefined) {
    return nothing;
  }
  const values = {need: bytes(fit.need ?? 0), free: bytes(fit.free ?? 0)};
  if (fit.fits) {
    return html`<p class="small good" data-test="fit">${t('models.fits', values)}</p>`;
  }
  const text = fit.verdict === 'mapped' ? t('models.mapped', values) : t('models.tooLarge', values);
  return html`<p class="small warn" data-test="fit">${text}</p>`;
}

/** The offer that suits most: Q4_K_M if it fits, else the largest that fits. @param {any[]} offers */
export function suggested(offers) {
  const fits = offers.filter((offer) => offer.fit?.fits !== false);
  return fits.find((offer) => offer.quantization === 'Q4_K_M') ?? fits.at(-1) ?? offers[0];
}
