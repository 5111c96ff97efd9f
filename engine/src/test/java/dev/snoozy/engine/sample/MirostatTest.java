package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.SamplingOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

class MirostatTest {
    private static SamplerChain chain(float tau, float eta, int vocabulary) {
        return SamplerChain.of(
                SamplingOptions.builder()
                        .temperature(1)
                        .mirostat(new SamplingOptions.Mirostat(true, tau, eta))
                        .seed(21)
                        .build(),
                Words.numbered(vocabulary));
    }

    private static double bits(double probability) {
        return -Math.log(probability) / Math.log(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17, 512})
    void agreesWithItsDefinition(int vocabulary) {
        float tau = 3;
        float eta = 0.2f;
        SamplerChain chain = chain(tau, eta, vocabulary);
        Chance chance = new Chance(21);
        Random random = new Random(2);
        double mu = 2 * tau;
        for (int step = 0; step < 300; step++) {
            float[] logits = Plain.spread(random, vocabulary, 3);
            List<Plain.Token> sorted = Plain.sorted(logits);
            double[] p = Plain.softmax(sorted);
            int kept = 1;
            while (kept < p.length && bits(p[kept]) <= mu) {
                kept++;
            }
            double[] cut = Plain.softmax(sorted.subList(0, kept));
            double place = chance.next();
            int drawn = 0;
            for (double sum = cut[0]; sum <= place && drawn < kept - 1; sum += cut[drawn]) {
                drawn++;
            }
            mu -= eta * (bits(cut[drawn]) - tau);
            assertThat(chain.sample(logits)).as("step %s", step).isEqualTo(sorted.get(drawn).id());
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {2, 3, 4.5f})
    void keepsTheSurpriseNearItsTarget(float tau) {
        float[] logits = new float[512];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) -Math.log(i + 1);
        }
        SamplerChain chain = chain(tau, 0.1f, 512);
        double[] p = Plain.softmax(logits);
        double sum = 0;
        int steps = 5_000;
        for (int i = 0; i < steps; i++) {
            sum += bits(p[chain.sample(logits)]);
        }
        // The target holds for what is left after the cut, which is likelier by about a bit or two.
        double free = 0;
        for (double each : p) {
            free += each * bits(each);
        }
        assertThat(free).isGreaterThan(6);
        assertThat(sum / steps).isBetween(tau + 0.0, tau + 2.0);
    }

    @Test
    void keepsTheLikeliestTokenWhateverItsSurprise() {
        SamplerChain chain = chain(0, 1, 17);
        float[] logits = new float[17];
        logits[5] = 0.1f;
        for (int i = 0; i < 20; i++) {
            assertThat(chain.sample(logits)).isEqualTo(5);
        }
    }

    @Test
    void takesThePlaceOfTheCuts() {
        SamplingOptions cut =
                SamplingOptions.builder()
                        .topK(1)
                        .temperature(1)
                        .mirostat(new SamplingOptions.Mirostat(true, 5, 0.1f))
                        .seed(1)
                        .build();
        SamplerChain chain = SamplerChain.of(cut, Words.numbered(8));
        boolean[] seen = new boolean[8];
        for (int i = 0; i < 500; i++) {
            seen[chain.sample(new float[8])] = true;
        }
        assertThat(seen).containsOnly(true);
    }

    @Test
    void isPrecededByTheTemperature() {
        SamplingOptions cold =
                SamplingOptions.builder()
                        .temperature(0.01f)
                        .mirostat(new SamplingOptions.Mirostat(true, 5, 0.1f))
                        .seed(1)
                        .build();
        SamplerChain chain = SamplerChain.of(cold, Words.numbered(3));
        for (int i = 0; i < 100; i++) {
            assertThat(chain.sample(new float[] {1, 2, 1.5f})).isEqualTo(1);
        }
    }
}
