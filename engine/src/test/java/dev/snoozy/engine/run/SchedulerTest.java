package dev.snoozy.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.Priority;
import dev.snoozy.engine.TextPiece;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Who gets memory, and that it comes back. */
class SchedulerTest {
    private static final int[] PROMPT = Rig.prompt(100);

    /** Cancels its job at a piece of text. */
    private static final class Impatient extends Rig.Ear {
        private int left;

        Impatient(int pieces) {
            left = pieces;
        }

        @Override
        public void text(TextPiece piece) {
            if (--left == 0) {
                cancel();
            }
        }
    }

    private static Rig rig(long total, long prefixes) {
        return new Rig(TinyModel.llama(), total, prefixes);
    }

    @Test
    void aFinishedGenerationHasFreedItsPages() {
        try (Rig rig = rig(Rig.PLENTY, 0)) {
            rig.run(PROMPT, Rig.options(20));
            assertThat(rig.pagesInUse()).isZero();
        }
    }

    @Test
    void aCancelledGenerationHasFreedItsPagesWhenItsEndIsTold() {
        try (Rig rig = rig(Rig.PLENTY, 0)) {
            for (int round = 0; round < 20; round++) {
                GenerationJob.Outcome outcome =
                        new Impatient(3).start(rig, PROMPT, Rig.options(Rig.CONTEXT)).outcome();
                assertThat(outcome.reason()).isEqualTo(FinishReason.CANCELLED);
                assertThat(outcome.tokens()).hasSizeLessThan(20);
                assertThat(rig.pagesInUse()).isZero();
            }
        }
    }

    @Test
    void whatWasReadIsRememberedAndFreedOnClosing() {
        Rig rig = rig(Rig.PLENTY, Rig.PLENTY);
        try (rig) {
            rig.run(PROMPT, Rig.options(20));
            assertThat(rig.pagesInUse()).isEqualTo(2); // 119 positions in pages of 64
            assertThat(rig.bytesOfTexts()).isZero();
            GenerationJob.Outcome next = rig.run(PROMPT, Rig.options(20));
            assertThat(next.cached()).isEqualTo(PROMPT.length - 1);
            assertThat(rig.pagesInUse()).isEqualTo(2);
            assertThat(rig.scheduler.statistics().prefixHits()).isEqualTo(1);
            assertThat(rig.scheduler.statistics().prefixTokens()).isEqualTo(PROMPT.length - 1);
        }
        assertThat(rig.memory().pagesInUse()).isZero();
    }

    @Test
    void aTurnGoesOnAfterTheAnswerBeforeIt() {
        try (Rig rig = rig(Rig.PLENTY, Rig.PLENTY)) {
            List<Integer> answer = rig.run(PROMPT, Rig.options(30)).tokens();
            int[] turn = Rig.prompt(PROMPT.length + answer.size() + 10);
            for (int i = 0; i < answer.size(); i++) {
                turn[PROMPT.length + i] = answer.get(i);
            }
            // All but the last token of the answer, which nobody has evaluated.
            assertThat(rig.run(turn, Rig.options(1)).cached())
                    .isEqualTo(PROMPT.length + answer.size() - 1);
        }
    }

    @Test
    void aTurnAfterACancelledOneGoesOnFromWhatWasRead() {
        try (Rig rig = rig(Rig.PLENTY, Rig.PLENTY)) {
            List<Integer> alone = rig.run(PROMPT, Rig.options(50)).tokens();
            new Impatient(3).start(rig, Rig.prompt(100, 1), Rig.options(Rig.CONTEXT)).outcome();
            GenerationJob.Outcome next = rig.run(Rig.prompt(100, 1), Rig.options(50));
            assertThat(next.cached()).isEqualTo(99);
            assertThat(rig.run(PROMPT, Rig.options(50)).tokens()).isEqualTo(alone);
        }
    }

    @Test
    void aPromptWaitsForAnotherThatIsBeingReadAndBeginsTheSame() {
        try (Rig rig = rig(Rig.PLENTY, Rig.PLENTY)) {
            int[] one = Rig.prompt(1_000);
            int[] two = Rig.prompt(1_000);
            two[900] = 7;
            List<Rig.Ear> ears = new ArrayList<>();
            rig.atOnce(() -> {
                ears.add(rig.start(one, Rig.options(5)));
                ears.add(rig.start(two, Rig.options(5)));
                ears.add(rig.start(Rig.prompt(1_000, 1), Rig.options(5)));
                ears.add(rig.start(one, Rig.options(5)));
            });
            assertThat(ears).map(ear -> ear.outcome().cached()).startsWith(0, 896, 0);
            assertThat(ears.getLast().outcome().cached()).isGreaterThanOrEqualTo(960);
        }
    }

    @Test
    void moreJobsThanMayBeInProgressAllFinish() {
        try (Rig rig = rig(Rig.PLENTY, 0)) {
            List<Integer> alone = rig.run(Rig.prompt(5), Rig.options(4)).tokens();
            List<Rig.Ear> ears = new ArrayList<>();
            rig.atOnce(() -> {
                for (int i = 0; i < BatchPlan.MOST_ROWS + 40; i++) {
                    ears.add(rig.start(Rig.prompt(5), Rig.options(4)));
                }
            });
            assertThat(ears).allMatch(ear -> ear.outcome().tokens().equals(alone));
            assertThat(rig.pagesInUse()).isZero();
        }
    }

    @Test
    void jobsThatDoNotFitTogetherWaitForEachOther() {
        try (Rig rig = rig(6 * Rig.PAGE, 0)) {
            List<Integer> alone = rig.run(Rig.prompt(200), Rig.options(60)).tokens(); // 5 pages
            List<Rig.Ear> ears = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ears.add(rig.start(Rig.prompt(200), Rig.options(60)));
            }
            assertThat(ears).allMatch(ear -> ear.outcome().tokens().equals(alone));
            assertThat(rig.pagesInUse()).isZero();
        }
    }

    @Test
    void jobsThatOutgrowTheMemoryGoBackToWaitAndSayTheSame() {
        for (long prefixes : new long[] {0, Rig.PLENTY}) {
            try (Rig rig = rig(8 * Rig.PAGE, prefixes)) {
                List<List<Integer>> alone = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    alone.add(rig.run(Rig.prompt(60, i), Rig.options(200)).tokens());
                }
                List<Rig.Ear> ears = new ArrayList<>();
                rig.atOnce(() -> {
                    for (int i = 0; i < 4; i++) {
                        ears.add(rig.start(Rig.prompt(60, i), Rig.options(200)));
                    }
                });
                for (int i = 0; i < 4; i++) {
                    assertThat(ears.get(i).outcome().tokens()).isEqualTo(alone.get(i));
                }
                assertThat(rig.scheduler.statistics().preemptions()).isPositive();
                assertThat(rig.bytesOfTexts()).isZero();
            }
        }
    }

    @Test
    void aTextThatIsTooLongForAllOfTheMemoryFailsAndTheOthersGoOn() {
        try (Rig rig = rig(4 * Rig.PAGE, Rig.PLENTY)) {
            List<Integer> alone = rig.run(PROMPT, Rig.options(20)).tokens();
            Rig.Ear prompt = rig.start(Rig.prompt(300), Rig.options(1));
            Rig.Ear answer = rig.start(Rig.prompt(200), Rig.options(100));
            Rig.Ear small = rig.start(PROMPT, Rig.options(20));
            for (Rig.Ear large : List.of(prompt, answer)) {
                assertThatThrownBy(large::outcome)
                        .hasCauseInstanceOf(ModelException.class)
                        .hasMessageContaining("cache memory")
                        .hasMessageContaining("cure");
            }
            assertThat(small.outcome().tokens()).isEqualTo(alone);
            assertThat(rig.bytesOfTexts()).isZero();
        }
    }

    @Test
    void anEvaluationKeepsItsMemoryAndTextsMakeRoomForIt() {
        try (Rig rig = rig(8 * Rig.PAGE, Rig.PLENTY);
                Evaluator evaluation = new Evaluator(rig.scheduler, Rig.CONTEXT)) {
            List<Integer> alone = rig.run(Rig.prompt(60), Rig.options(200)).tokens(); // 5 pages
            Rig.Ear text = rig.start(Rig.prompt(60), Rig.options(200));
            evaluation.append(Rig.prompt(3 * KvPages.PAGE), false);
            assertThat(text.outcome().tokens()).isEqualTo(alone);
            evaluation.append(Rig.prompt(5 * KvPages.PAGE), false);
            assertThatThrownBy(() -> evaluation.append(new int[] {5}, false))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("512 tokens");
            assertThat(evaluation.position()).isEqualTo(8 * KvPages.PAGE);
            assertThatThrownBy(() -> rig.run(PROMPT, Rig.options(1)))
                    .hasMessageContaining("close other evaluations");
        }
    }

    @Test
    void aJobThatIsCancelledWhileItWaitsEndsBeforeTheNextBatch() {
        try (Rig rig = rig(10 * Rig.PAGE, 0)) {
            AtomicInteger pieces = new AtomicInteger();
            AtomicInteger piecesAtEnd = new AtomicInteger();
            Rig.Ear waiting =
                    new Rig.Ear() {
                        @Override
                        public void finished(GenerationJob.Outcome result) {
                            piecesAtEnd.set(pieces.get());
                            super.finished(result);
                        }
                    };
            Rig.Ear running =
                    new Rig.Ear() {
                        @Override
                        public void text(TextPiece piece) {
                            if (pieces.incrementAndGet() == 3) {
                                waiting.cancel();
                            }
                        }
                    };
            rig.atOnce(() -> {
                running.start(rig, PROMPT, Rig.options(400));
                waiting.start(rig, Rig.prompt(550), Rig.options(1)); // 9 pages of 10
            });
            assertThat(waiting.outcome().reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(waiting.outcome().tokens()).isEmpty();
            assertThat(piecesAtEnd).hasValue(3);
            assertThat(running.outcome().tokens()).hasSize(400);
            assertThat(rig.pagesInUse()).isZero();
        }
    }

    @Test
    void anUrgentPromptIsReadBeforeThoseThatCameEarlier() {
        try (Rig rig = rig(Rig.PLENTY, Rig.PLENTY)) {
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            List<Rig.Ear> ears = new ArrayList<>();
            rig.atOnce(() -> {
                for (Priority priority : Priority.values()) {
                    for (int i = 0; i < 2; i++) {
                        String name = priority + " " + i;
                        int[] prompt = Rig.prompt(2_000, 2 * priority.ordinal() + i);
                        Rig.Ear ear = new Named(name, order);
                        ears.add(ear);
                        ear.start(rig, prompt, Rig.options(1).withPriority(priority));
                    }
                }
            });
            ears.forEach(Rig.Ear::outcome);
            assertThat(order)
                    .containsExactly("HIGH 0", "HIGH 1", "NORMAL 0", "NORMAL 1", "LOW 0", "LOW 1");
        }
    }

    /** Says its name when it ends. */
    private static final class Named extends Rig.Ear {
        private final String name;
        private final List<String> order;

        Named(String name, List<String> order) {
            this.name = name;
            this.order = order;
        }

        @Override
        public void finished(GenerationJob.Outcome result) {
            order.add(name);
            super.finished(result);
        }
    }

    @Test
    void closingFailsAlsoThoseThatWait() {
        Rig rig = rig(Rig.PLENTY, Rig.PLENTY);
        List<Rig.Ear> ears = new ArrayList<>();
        try (rig) {
            for (int i = 0; i < 2 * Admission.MOST_ACTIVE; i++) {
                ears.add(rig.start(Rig.prompt(100, i % 200), Rig.options(3_000)));
            }
        }
        for (Rig.Ear ear : ears) {
            assertThatThrownBy(ear::outcome).hasMessageContaining("closed");
        }
        assertThat(rig.memory().pagesInUse()).isZero();
    }
}
