package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.GgufHeader;
import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.hub.CatalogueEntry.Quantization;
import dev.snoozy.hub.remote.GgufChoice;
import dev.snoozy.hub.remote.Reference;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

/** The catalogue is sound, and what it says of sizes hangs together. */
class CatalogueTest {
    private static final Set<String> PURPOSES =
            Set.of("chat", "code", "reasoning", "languages", "search", "small");

    @Test
    void everyEntryCanBePulled() {
        Set<String> seen = new HashSet<>();
        assertThat(Catalogue.entries()).hasSizeGreaterThanOrEqualTo(20);
        for (CatalogueEntry entry : Catalogue.entries()) {
            assertThat(seen.add(entry.repository())).as(entry.repository()).isTrue();
            assertThat(entry.purposes()).isNotEmpty().isSubsetOf(PURPOSES);
            assertThat(entry.quantizations()).isNotEmpty();
            for (Quantization quantization : entry.quantizations()) {
                assertThat(Reference.parse(entry.reference(quantization), HubOptions.defaults()))
                        .isInstanceOf(Reference.HuggingFace.class);
                assertThat(GgufChoice.ORDER).contains(quantization.name());
            }
        }
    }

    @Test
    void sizesAreThoseOfSoManyWeights() {
        for (CatalogueEntry entry : Catalogue.entries()) {
            for (Quantization quantization : entry.quantizations()) {
                double bits = 8.0 * quantization.bytes() / entry.parameters();
                String what = entry.reference(quantization) + " " + bits;
                switch (quantization.name()) {
                    case "Q4_K_M" -> assertThat(bits).as(what).isBetween(4.8, 6.7);
                    case "Q5_K_M" -> assertThat(bits).as(what).isBetween(5.6, 7.0);
                    case "Q6_K" -> assertThat(bits).as(what).isBetween(6.5, 8.4);
                    default -> assertThat(bits).as(what).isBetween(8.4, 9.0);
                }
            }
        }
    }

    @Test
    void theMemoryOfEveryEntryIsReckoned() {
        for (CatalogueEntry entry : Catalogue.entries()) {
            for (Quantization quantization : entry.quantizations()) {
                GgufHeader header = entry.header(quantization);
                MemoryNeed need =
                        MemoryNeed.of(header.metadata(), header.tensors(), KernelMemory.UNKNOWN);
                assertThat(need.trainedContext()).isEqualTo(entry.contextLength());
                assertThat((double) need.inFile())
                        .as(entry.reference(quantization))
                        .isBetween(quantization.bytes() * 0.65, quantization.bytes() * 1.05);
                assertThat(need.at(need.usual(0), MemoryLimits.NONE).kvCache())
                        .isLessThan(4L << 30);
            }
        }
    }
}
