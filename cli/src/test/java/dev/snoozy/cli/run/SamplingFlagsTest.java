package dev.snoozy.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.SamplingOptions;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

class SamplingFlagsTest {
    private static GenerationOptions parse(String flags) {
        SamplingFlags parsed = new SamplingFlags();
        new CommandLine(new Holder(parsed))
                .parseArgs(flags.isEmpty() ? new String[0] : flags.split(" "));
        return parsed.options();
    }

    @CommandLine.Command
    private record Holder(@CommandLine.Mixin SamplingFlags flags) {}

    @Test
    void areTheDefaultsOfTheEngineWhereNoneIsGiven() {
        assertThat(parse("")).isEqualTo(GenerationOptions.defaults());
    }

    @Test
    void reachTheOptionOfTheirName() {
        GenerationOptions options =
                parse(
                        "-n 5 --temp 0.3 --top-k 13 --top-p 0.6 --min-p 0.4 --typical 0.7"
                                + " --xtc-probability 0.5 --xtc-threshold 0.2"
                                + " --repeat-penalty 1.1 --frequency-penalty 0.2"
                                + " --presence-penalty -0.3 --repeat-last-n 12"
                                + " --dry-multiplier 0.8 --dry-base 2 --dry-allowed-length 3"
                                + " --dry-penalty-last-n 100 --dry-sequence-breaker x --dry-sequence-breaker y"
                                + " --mirostat 2 --mirostat-tau 4"
                                + " --mirostat-eta 0.2 --logit-bias 7=-2 --logit-bias 8=-inf"
                                + " --seed -99 --stop a --stop b");
        SamplingOptions sampling =
                new SamplingOptions(
                        Map.of(7, -2f, 8, Float.NEGATIVE_INFINITY),
                        1.1f,
                        0.2f,
                        -0.3f,
                        12,
                        new SamplingOptions.Dry(0.8f, 2, 3, 100, List.of("x", "y")),
                        13,
                        0.7f,
                        0.6f,
                        0.4f,
                        new SamplingOptions.Xtc(0.5f, 0.2f),
                        0.3f,
                        new SamplingOptions.Mirostat(true, 4, 0.2f),
                        OptionalLong.of(-99));
        assertThat(options)
                .isEqualTo(
                        GenerationOptions.defaults()
                                .withMaxTokens(5)
                                .withSampling(sampling)
                                .withStop("a", "b"));
    }

    @Test
    void refuseWhatIsNoBias() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--logit-bias 7=much"))
                .withMessage("--logit-bias 7: expected a number or -inf, found much");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--logit-bias 7=NaN"))
                .withMessage("logit bias of 7: expected a number or -infinity, found NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--logit-bias=-7=1"))
                .withMessage("logit bias: expected the id of a token, 0 or more, found -7");
    }

    @Test
    void refuseAnUnknownMirostat() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--mirostat 1"))
                .withMessage("--mirostat: expected 0 or 2, found 1");
    }
}
