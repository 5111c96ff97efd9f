package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

class SamplingOptionsTest {
    private static final SamplingOptions OTHER =
            new SamplingOptions(
                    Map.of(7, -2f),
                    1.1f,
                    0.2f,
                    -0.3f,
                    12,
                    new SamplingOptions.Dry(0.8f, 2, 3, 100, List.of("\n")),
                    13,
                    0.7f,
                    0.6f,
                    0.4f,
                    new SamplingOptions.Xtc(0.5f, 0.2f),
                    0.3f,
                    new SamplingOptions.Mirostat(true, 4, 0.2f),
                    OptionalLong.of(99));

    @ParameterizedTest
    @ValueSource(strings = {"Dry", "Xtc", "Mirostat"})
    void hasWholeDefaultsWhicheverClassIsUsedFirst(String first) throws Exception {
        ClassLoader fresh = new FreshClasses();
        Class<?> record = fresh.loadClass(SamplingOptions.class.getName() + "$" + first);
        Object[] arguments =
                switch (first) {
                    case "Dry" -> new Object[] {1f, 2f, 3, 4, List.of("\n")};
                    case "Xtc" -> new Object[] {0.5f, 0.1f};
                    default -> new Object[] {true, 5f, 0.1f};
                };
        record.getDeclaredConstructors()[0].newInstance(arguments);
        Class<?> options = fresh.loadClass(SamplingOptions.class.getName());
        Object defaults = options.getMethod("defaults").invoke(null);
        assertThat(defaults).isNotInstanceOf(SamplingOptions.class);
        assertThat(defaults).hasToString(SamplingOptions.defaults().toString());
        assertThat(defaults.toString()).doesNotContain("null");
    }

    @Test
    void copiesEveryOptionToItsBuilderAndBack() throws Exception {
        for (RecordComponent component : SamplingOptions.class.getRecordComponents()) {
            assertThat(component.getAccessor().invoke(OTHER))
                    .as(component.getName())
                    .isNotEqualTo(component.getAccessor().invoke(SamplingOptions.defaults()));
        }
        assertThat(OTHER.toBuilder().build()).isEqualTo(OTHER);
    }

    @Test
    void setsEveryOptionByItsName() {
        SamplingOptions built =
                SamplingOptions.builder()
                        .logitBias(OTHER.logitBias())
                        .repeatPenalty(OTHER.repeatPenalty())
                        .frequencyPenalty(OTHER.frequencyPenalty())
                        .presencePenalty(OTHER.presencePenalty())
                        .repeatLastN(OTHER.repeatLastN())
                        .dry(OTHER.dry())
                        .topK(OTHER.topK())
                        .typicalP(OTHER.typicalP())
                        .topP(OTHER.topP())
                        .minP(OTHER.minP())
                        .xtc(OTHER.xtc())
                        .temperature(OTHER.temperature())
                        .mirostat(OTHER.mirostat())
                        .seed(99)
                        .build();
        assertThat(built).isEqualTo(OTHER);
    }

    @Test
    void changesOnlyWhatIsSet() {
        SamplingOptions changed = OTHER.toBuilder().topK(1).seed(OptionalLong.empty()).build();
        assertThat(changed.topK()).isEqualTo(1);
        assertThat(changed.seed()).isEmpty();
        assertThat(changed.toBuilder().topK(13).seed(99).build()).isEqualTo(OTHER);
    }

    @Test
    void startsFromTheDefaults() {
        assertThat(SamplingOptions.builder().build()).isEqualTo(SamplingOptions.defaults());
        assertThat(SamplingOptions.greedy())
                .isEqualTo(SamplingOptions.builder().temperature(0).build());
    }

    @Test
    void writesWholeNumbersAsSuchInItsMessages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SamplingOptions.builder().topK(-1).build())
                .withMessage("top k: expected 0 or more, found -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SamplingOptions.builder().repeatLastN(-2).build())
                .withMessage("repeat last n: expected -1 or more, found -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SamplingOptions.Dry(1, 2, 0, -1, List.of()))
                .withMessage("dry allowed length: expected 1 or more, found 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SamplingOptions.builder().temperature(-0.5f).build())
                .withMessage("temperature: expected 0 or more, found -0.5");
    }

    @Test
    void refusesABiasForATokenThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SamplingOptions.builder().logitBias(Map.of(-3, 1f)).build())
                .withMessage("logit bias: expected the id of a token, 0 or more, found -3");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void refusesABiasThatIsNoNumber(float bias) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SamplingOptions.builder().logitBias(Map.of(3, bias)).build())
                .withMessage(
                        "logit bias of 3: expected a number or -infinity, found "
                                + (Float.isNaN(bias) ? "NaN" : "Infinity"));
    }

    @Test
    void allowsABiasThatForbids() {
        Map<Integer, Float> forbidden = Map.of(3, Float.NEGATIVE_INFINITY);
        assertThat(SamplingOptions.builder().logitBias(forbidden).build().logitBias())
                .isEqualTo(forbidden);
    }

    @Test
    void refusesNaNAndInfinityInEveryOption() {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            List<Runnable> tries =
                    List.of(
                            () -> SamplingOptions.builder().repeatPenalty(wrong).build(),
                            () -> SamplingOptions.builder().frequencyPenalty(wrong).build(),
                            () -> SamplingOptions.builder().presencePenalty(wrong).build(),
                            () -> SamplingOptions.builder().typicalP(wrong).build(),
                            () -> SamplingOptions.builder().topP(wrong).build(),
                            () -> SamplingOptions.builder().minP(wrong).build(),
                            () -> SamplingOptions.builder().temperature(wrong).build(),
                            () -> new SamplingOptions.Dry(wrong, 2, 2, -1, List.of()),
                            () -> new SamplingOptions.Dry(1, wrong, 2, -1, List.of()),
                            () -> new SamplingOptions.Xtc(wrong, 0.1f),
                            () -> new SamplingOptions.Xtc(0.5f, wrong),
                            () -> new SamplingOptions.Mirostat(true, wrong, 0.1f),
                            () -> new SamplingOptions.Mirostat(true, 5, wrong));
            for (Runnable attempt : tries) {
                assertThatIllegalArgumentException().isThrownBy(attempt::run);
            }
        }
    }

    /** Loads the class and what is nested in it anew, so that static initialization runs again. */
    private static final class FreshClasses extends ClassLoader {
        FreshClasses() {
            super(SamplingOptions.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(SamplingOptions.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
            try (InputStream in = SamplingOptions.class.getResourceAsStream(file)) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
