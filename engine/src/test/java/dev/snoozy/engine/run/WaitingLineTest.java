package dev.snoozy.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.Priority;
import dev.snoozy.engine.adapter.AdapterSet;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Who begins first, and beside whom. */
class WaitingLineTest {
    /** Never submitted: the line is tried by itself. */
    private static GenerationJob job(Rig rig, Priority priority) {
        return new GenerationJob(
                Rig.prompt(5),
                Rig.CONTEXT,
                Rig.options(1).withPriority(priority),
                AdapterSet.NONE,
                rig.tokenizer,
                new Rig.Ear());
    }

    @Test
    void withinAPriorityWhoComesFirstIsFirst() {
        try (Rig rig = new Rig(TinyModel.llama(), Rig.PLENTY, 0)) {
            WaitingLine line = new WaitingLine();
            List<Job> came = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                Job job = job(rig, Priority.NORMAL);
                came.add(job);
                line.join(job);
            }
            assertThat(line.inOrder()).isEqualTo(came);
        }
    }

    @Test
    void aPriorityIsWorthABoundedNumberOfPlaces() {
        try (Rig rig = new Rig(TinyModel.llama(), Rig.PLENTY, 0)) {
            WaitingLine line = new WaitingLine();
            Job low = job(rig, Priority.LOW);
            line.join(low);
            for (int i = 0; i < 300; i++) {
                line.join(job(rig, i % 2 == 0 ? Priority.NORMAL : Priority.HIGH));
            }
            List<Job> order = line.inOrder();
            List<Job> before = order.subList(0, order.indexOf(low));
            assertThat(before)
                    .filteredOn(job -> job.priority() == Priority.HIGH)
                    .hasSize(Turn.HEAD_START - 1); // every other one of 2 * HEAD_START - 1
            assertThat(before)
                    .filteredOn(job -> job.priority() == Priority.NORMAL)
                    .hasSize(Turn.HEAD_START / 2);
            assertThat(order.getFirst().priority()).isEqualTo(Priority.HIGH);
        }
    }

    @Test
    void whoComesBackHasThePlaceHeHad() {
        try (Rig rig = new Rig(TinyModel.llama(), Rig.PLENTY, 0)) {
            WaitingLine line = new WaitingLine();
            for (Priority priority : Priority.values()) {
                line.join(job(rig, priority));
            }
            List<Job> order = line.inOrder();
            for (Job job : order) {
                line.leave(job);
                assertThat(line.inOrder()).doesNotContain(job);
                line.comeBack(job);
                assertThat(line.inOrder()).isEqualTo(order);
            }
        }
    }

    @Test
    void placesAreKeptForWhatIsMoreUrgent() {
        try (Rig rig = new Rig(TinyModel.llama(), Rig.PLENTY, 0)) {
            for (Priority priority : Priority.values()) {
                List<Job> active = new ArrayList<>();
                while (Admission.hasPlace(priority, active)) {
                    active.add(job(rig, priority));
                }
                assertThat(active).hasSize(Admission.places(priority));
                for (Priority lower : Priority.values()) {
                    if (lower.compareTo(priority) <= 0) {
                        assertThat(Admission.hasPlace(lower, active)).isFalse();
                    }
                }
                while (Admission.hasPlace(Priority.HIGH, active)) {
                    active.add(job(rig, Priority.HIGH));
                }
                assertThat(active).hasSize(Admission.MOST_ACTIVE);
            }
        }
    }
}
