package dev.snoozy.compress.perplexity;

import java.util.List;

/**
 * How far a model is from its base on a text.
 *
 * @param basePerplexity of the base on the same tokens
 * @param ratio of the perplexities, that of the base below
 * @param difference of the perplexities
 * @param correlation of the logarithms of both perplexities, token by token
 * @param divergence mean of Kullback and Leibler's from the base
 * @param largestDivergence of one token
 * @param medianDivergence of all
 * @param divergence999 that 99.9 % of the tokens do not exceed
 * @param sameTop share of the tokens for which both hold the same one for the most probable
 * @param deltaP mean change of the right token's probability
 * @param rmsDeltaP root of the mean square of that change
 * @param medianDeltaP of all
 */
public record Divergence(
        Estimate basePerplexity,
        Estimate ratio,
        Estimate difference,
        double correlation,
        Estimate divergence,
        double largestDivergence,
        double medianDivergence,
        double divergence999,
        Estimate sameTop,
        Estimate deltaP,
        Estimate rmsDeltaP,
        double medianDeltaP) {

    static Divergence of(List<Comparison> tokens) {
        Sample nll = Sample.of(tokens, Comparison::nll);
        Sample baseNll = Sample.of(tokens, Comparison::baseNll);
        double variance = nll.covariance(nll);
        double baseVariance = baseNll.covariance(baseNll);
        double covariance = nll.covariance(baseNll);
        double perplexity = Math.exp(nll.mean().value());
        Estimate base = Perplexity.estimate(baseNll);
        double ratio = perplexity / base.value();
        double logError = root(variance + baseVariance - 2 * covariance);
        double error =
                root(
                        perplexity * perplexity * variance
                                + base.value() * base.value() * baseVariance
                                - 2 * perplexity * base.value() * covariance);
        Sample divergence = Sample.of(tokens, Comparison::divergence);
        double[] high = divergence.quantiles(0.5, 0.999, 1);
        Sample delta = Sample.of(tokens, Comparison::deltaP);
        Estimate square = Sample.of(tokens, t -> t.deltaP() * t.deltaP()).mean();
        double rms = Math.sqrt(square.value());
        return new Divergence(
                base,
                new Estimate(ratio, ratio * logError),
                new Estimate(perplexity - base.value(), error),
                variance * baseVariance == 0 ? 1 : covariance / root(variance * baseVariance),
                divergence.mean(),
                high[2],
                high[0],
                high[1],
                Sample.of(tokens, t -> t.sameTop() ? 1 : 0).mean(),
                delta.mean(),
                square.map(rms, rms == 0 ? 0 : 0.5 / rms),
                delta.quantiles(0.5)[0]);
    }

    private static double root(double square) {
        return Math.sqrt(Math.max(0, square));
    }
}
